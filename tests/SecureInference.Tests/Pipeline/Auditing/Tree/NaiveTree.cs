using System.Security.Cryptography;

namespace SecureInference.Tests.Pipeline.Auditing.Tree;

/// <summary>RFC 6962, section 2.1, word for word: recursive, slow, and sharing nothing with the product.</summary>
internal static class NaiveTree
{
    public static byte[] Root(ReadOnlySpan<byte[]> leaves) => leaves.Length switch
    {
        0 => SHA256.HashData([]),
        1 => SHA256.HashData([0, .. leaves[0]]),
        var n => SHA256.HashData([1, .. Root(leaves[..Split(n)]), .. Root(leaves[Split(n)..])]),
    };

    public static byte[][] Path(int m, ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 1)
        {
            return [];
        }

        var k = Split(leaves.Length);
        return m < k
            ? [.. Path(m, leaves[..k]), Root(leaves[k..])]
            : [.. Path(m - k, leaves[k..]), Root(leaves[..k])];
    }

    public static byte[][] Consistency(int m, ReadOnlySpan<byte[]> leaves) => SubProof(m, leaves, true);

    private static byte[][] SubProof(int m, ReadOnlySpan<byte[]> leaves, bool isWhole)
    {
        var n = leaves.Length;
        if (m == n)
        {
            return isWhole ? [] : [Root(leaves)];
        }

        var k = Split(n);
        return m <= k
            ? [.. SubProof(m, leaves[..k], isWhole), Root(leaves[k..])]
            : [.. SubProof(m - k, leaves[k..], false), Root(leaves[..k])];
    }

    private static int Split(int n)
    {
        var k = 1;
        while (k * 2 < n)
        {
            k *= 2;
        }

        return k;
    }
}
