using System.Globalization;
using SecureInference.Pipeline.Auditing.Tree;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>What a log says of itself: a C2SP tlog-checkpoint.</summary>
internal sealed record Checkpoint(string Origin, long Size, byte[] Root)
{
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root)}\n");

    /// <summary>Reads a checkpoint's text; <see langword="null"/> where it is none.</summary>
    public static Checkpoint? TryParse(string text)
    {
        // Lines of extension are allowed by the format, and no log of ours has them; a known checkpoint of a witness may.
        var lines = text.Split('\n');
        if (lines.Length < 4
            || lines[0].Length == 0
            || !long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || size.ToString(CultureInfo.InvariantCulture) != lines[1])
        {
            return null;
        }

        var root = new byte[TreeHasher.HashLength];
        return Convert.TryFromBase64String(lines[2], root, out var length) && length == root.Length && Convert.ToBase64String(root) == lines[2]
            ? new Checkpoint(lines[0], size, root)
            : null;
    }
}
