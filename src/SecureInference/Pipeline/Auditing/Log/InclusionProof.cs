using System.Globalization;
using System.Text;
using SecureInference.Pipeline.Auditing.Tree;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>Proves to somebody without the log that a record is in it: a C2SP tlog-proof, with the record as its extra data.</summary>
internal sealed record InclusionProof(byte[] Record, long Sequence, IReadOnlyList<byte[]> Hashes, SignedCheckpoint Checkpoint)
{
    private const string FirstLine = "c2sp.org/tlog-proof@v1";
    private const string Extra = "extra ";
    private const string Index = "index ";

    public string ToText()
    {
        var text = new StringBuilder(FirstLine).Append('\n').Append(Extra).Append(Convert.ToBase64String(Record)).Append('\n')
            .Append(Index).Append(Sequence.ToString(CultureInfo.InvariantCulture)).Append('\n');
        foreach (var hash in Hashes)
        {
            text.Append(Convert.ToBase64String(hash)).Append('\n');
        }

        return text.Append('\n').Append(Encoding.UTF8.GetString(Checkpoint.Note)).ToString();
    }

    /// <summary>Reads a proof; <see langword="null"/> where it is none, or lacks the record.</summary>
    public static InclusionProof? TryParse(string text)
    {
        var split = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0 || SignedCheckpoint.TryParse(Encoding.UTF8.GetBytes(text[(split + 2)..])) is not { } checkpoint)
        {
            return null;
        }

        try
        {
            return text[..split].Split('\n') is [FirstLine, var extra, var index, .. var hashes]
                && extra.StartsWith(Extra, StringComparison.Ordinal)
                && index.StartsWith(Index, StringComparison.Ordinal)
                && long.TryParse(index.AsSpan(Index.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                ? new InclusionProof(Convert.FromBase64String(extra[Extra.Length..]), sequence, Array.ConvertAll(hashes, Convert.FromBase64String), checkpoint)
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Says whether a trusted key signed a log that has the record at its place.</summary>
    public bool Verify(IEnumerable<CheckpointKey> trusted)
    {
        using var hasher = new TreeHasher();
        var leaf = new byte[TreeHasher.HashLength];
        hasher.Leaf(Record, leaf);
        return trusted.Any(key => Checkpoint.IsSignedBy(key) == true)
            && TreeProof.VerifyInclusion(hasher, Sequence, Checkpoint.Size, leaf, Hashes, Checkpoint.Checkpoint.Root);
    }
}
