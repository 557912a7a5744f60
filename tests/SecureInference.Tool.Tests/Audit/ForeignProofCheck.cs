using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SecureInference.Tool.Tests.Audit;

/// <summary>Checks a file of proofs as its specifications say (C2SP tlog-proof, signed note; RFC 6962), and shares no code with the product.</summary>
internal static class ForeignProofCheck
{
    /// <returns>The places of the records that are proven.</returns>
    public static async Task<long[]> VerifyAsync(string file, string publicKey)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(publicKey, TestContext.Current.CancellationToken));
        var proven = new List<long>();
        foreach (var proof in (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Split("c2sp.org/tlog-proof@v1\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = proof.Split("\n\n");
            Assert.Equal(3, parts.Length);
            var lines = parts[0].Split('\n');
            var signed = parts[1].Split('\n');
            var index = long.Parse(lines[1].Split(' ')[1], CultureInfo.InvariantCulture);
            var size = long.Parse(signed[1], CultureInfo.InvariantCulture);
            var hashes = new Queue<byte[]>(lines[2..].Select(Convert.FromBase64String));
            var leaf = SHA256.HashData([0, .. Convert.FromBase64String(lines[0].Split(' ')[1])]);
            Assert.Equal(signed[2], Convert.ToBase64String(Root(leaf, index, 0, size, hashes)));
            Assert.Empty(hashes);
            var signature = Convert.FromBase64String(parts[2].TrimEnd('\n').Split(' ')[2]);
            Assert.Equal(SHA256.HashData(key.ExportSubjectPublicKeyInfo())[..4], signature[..4]);
            Assert.True(key.VerifyData(Encoding.UTF8.GetBytes(parts[1] + "\n"), signature[4..], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
            proven.Add(index);
        }

        return [.. proven];
    }

    /// <summary>PATH of RFC 6962, 2.1.1, turned around: the deepest sibling is first.</summary>
    private static byte[] Root(byte[] leaf, long index, long start, long end, Queue<byte[]> hashes)
    {
        if (end - start == 1)
        {
            return leaf;
        }

        var half = 1L;
        while (half * 2 < end - start)
        {
            half *= 2;
        }

        var isLeft = index < start + half;
        var own = isLeft ? Root(leaf, index, start, start + half, hashes) : Root(leaf, index, start + half, end, hashes);
        var sibling = hashes.Dequeue();
        return SHA256.HashData(isLeft ? [1, .. own, .. sibling] : [1, .. sibling, .. own]);
    }
}
