using System.Globalization;
using SecureInference.Pipeline.Auditing.Tree;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>Says, signed, up to where segments were removed on purpose: without it their absence is tampering.</summary>
internal sealed record LogAnchor(string Origin, long Segment, long Size, byte[] Root)
{
    private const string FirstLine = "secure-inference audit anchor";

    public byte[] Sign(SigningKey key) => SignedNote.Write(
        string.Create(CultureInfo.InvariantCulture, $"{FirstLine}\n{Origin}\n{Segment}\n{Size}\n{Convert.ToBase64String(Root)}\n"), Origin, key);

    /// <summary>Reads an anchor that one of the keys signed; <see langword="null"/> where it is none.</summary>
    public static LogAnchor? TryParse(ReadOnlySpan<byte> bytes, IEnumerable<CheckpointKey> keys)
    {
        if (SignedNote.TryParse(bytes) is not { } note
            || note.Text.Split('\n') is not [FirstLine, var origin, var segmentText, var sizeText, var rootText, ""]
            || !long.TryParse(segmentText, NumberStyles.None, CultureInfo.InvariantCulture, out var segment)
            || !long.TryParse(sizeText, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
        {
            return null;
        }

        var root = new byte[TreeHasher.HashLength];
        return Convert.TryFromBase64String(rootText, root, out var length) && length == root.Length && keys.Any(key => note.IsSignedBy(key, origin) == true)
            ? new LogAnchor(origin, segment, size, root)
            : null;
    }
}
