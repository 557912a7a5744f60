using System.Buffers.Binary;
using System.Text;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>A C2SP signed note: text, and who signed it.</summary>
internal sealed class SignedNote
{
    public const int MaxLength = 64 * 1024;

    // 16 is what a verifier must accept at least.
    private const int MaxSignatures = 32;
    private const string SignatureBeginning = "\u2014 ";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private SignedNote(string text, IReadOnlyList<NoteSignature> signatures)
    {
        Text = text;
        Signatures = signatures;
    }

    /// <summary>Gets the text, with its last newline.</summary>
    public string Text { get; }

    public IReadOnlyList<NoteSignature> Signatures { get; }

    /// <summary>Reads a note; <see langword="null"/> where it is none.</summary>
    public static SignedNote? TryParse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxLength || bytes.ContainsAnyInRange((byte)0, (byte)9) || bytes.ContainsAnyInRange((byte)11, (byte)31))
        {
            return null;
        }

        try
        {
            return TryParse(Strict.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    public static byte[] Write(string text, string name, params ReadOnlySpan<SigningKey> keys)
    {
        var note = new StringBuilder(text).Append('\n');
        foreach (var key in keys)
        {
            var signature = key.Sign(Strict.GetBytes(text));
            var bytes = new byte[sizeof(uint) + signature.Length];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, key.Public.KeyId);
            signature.CopyTo(bytes, sizeof(uint));
            note.Append(SignatureBeginning).Append(name).Append(' ').Append(Convert.ToBase64String(bytes)).Append('\n');
        }

        return Strict.GetBytes(note.ToString());
    }

    /// <summary>Says whether a key signed this; <see langword="null"/> where no signature claims to be the key's.</summary>
    public bool? IsSignedBy(CheckpointKey key, string name)
    {
        bool? isSigned = null;
        foreach (var signature in Signatures)
        {
            if (signature.KeyId == key.KeyId && signature.Name == name)
            {
                // One that is false spoils the note, whatever the others say.
                isSigned = (isSigned ?? true) && key.Verify(Strict.GetBytes(Text), signature.Signature);
            }
        }

        return isSigned;
    }

    private static SignedNote? TryParse(string note)
    {
        var split = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (split <= 0 || !note.EndsWith('\n') || split + 2 == note.Length)
        {
            return null;
        }

        var signatures = new List<NoteSignature>();
        foreach (var line in note.AsSpan(split + 2, note.Length - split - 3).EnumerateLines())
        {
            if (signatures.Count == MaxSignatures || TryParseSignature(line.ToString()) is not { } signature)
            {
                return null;
            }

            signatures.Add(signature);
        }

        return new SignedNote(note[..(split + 1)], signatures);
    }

    private static NoteSignature? TryParseSignature(string line)
    {
        var parts = line.Split(' ');
        if (parts is not ["\u2014", { Length: > 0 } name, var base64] || name.Contains('+', StringComparison.Ordinal) || name.Any(char.IsWhiteSpace))
        {
            return null;
        }

        // Read, and written again: one signature has one form, or a changed character could pass unseen.
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) && length > sizeof(uint) && Convert.ToBase64String(bytes, 0, length) == base64
            ? new NoteSignature(name, BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes[sizeof(uint)..length])
            : null;
    }
}
