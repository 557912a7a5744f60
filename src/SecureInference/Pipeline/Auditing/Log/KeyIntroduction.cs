namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>A new key, under the signature of the one before it and its own.</summary>
internal sealed class KeyIntroduction
{
    private const string FirstLine = "secure-inference audit key";
    private readonly SignedNote _note;
    private readonly string _origin;

    private KeyIntroduction(SignedNote note, string origin, CheckpointKey key, byte[] introducer)
    {
        _note = note;
        _origin = origin;
        Key = key;
        Introducer = introducer;
    }

    public CheckpointKey Key { get; }

    /// <summary>Gets the fingerprint of the key that introduces.</summary>
    public byte[] Introducer { get; }

    public static byte[] Sign(string origin, SigningKey key, SigningKey introducer) => SignedNote.Write(
        $"{FirstLine}\n{origin}\n{Convert.ToBase64String(key.Public.Info)}\n{Convert.ToBase64String(introducer.Public.Fingerprint)}\n", origin, introducer, key);

    /// <summary>Reads an introduction that the new key signed; <see langword="null"/> where it is none of this log.</summary>
    public static KeyIntroduction? TryParse(ReadOnlySpan<byte> bytes, string origin)
    {
        if (SignedNote.TryParse(bytes) is not { } note
            || note.Text.Split('\n') is not [FirstLine, var of, var info, var fingerprint, ""]
            || of != origin)
        {
            return null;
        }

        try
        {
            return CheckpointKey.TryParse(Convert.FromBase64String(info)) is { } key && note.IsSignedBy(key, origin) == true
                ? new KeyIntroduction(note, origin, key, Convert.FromBase64String(fingerprint))
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Says whether this key introduced the new one.</summary>
    public bool IsBy(CheckpointKey key) => Introducer.AsSpan().SequenceEqual(key.Fingerprint) && _note.IsSignedBy(key, _origin) == true;
}
