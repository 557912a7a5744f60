using System.Text;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tool.Audit;

/// <summary>The file that proves records to somebody without the log: C2SP tlog-proofs, one after the other.</summary>
internal static class ProofFile
{
    public const int MaxLength = 8 << 20;

    private const string FirstLine = "c2sp.org/tlog-proof@v1\n";

    public static byte[] Write(IEnumerable<InclusionProof> proofs) => Encoding.UTF8.GetBytes(string.Concat(proofs.Select(static proof => proof.ToText())));

    /// <summary>Reads all proofs; <see langword="null"/> where anything in the file is none.</summary>
    public static IReadOnlyList<InclusionProof>? TryParse(string text)
    {
        var proofs = new List<InclusionProof>();
        for (int start = 0, end; start < text.Length; start = end)
        {
            var next = text.IndexOf("\n" + FirstLine, start, StringComparison.Ordinal);
            end = next < 0 ? text.Length : next + 1;
            if (InclusionProof.TryParse(text[start..end]) is not { } proof)
            {
                return null;
            }

            proofs.Add(proof);
        }

        return proofs.Count == 0 ? null : proofs;
    }
}
