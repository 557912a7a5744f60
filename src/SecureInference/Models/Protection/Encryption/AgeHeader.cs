using System.Security.Cryptography;
using System.Text;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>The textual beginning of an age file: who may open it, and a code that only who can open it can check.</summary>
/// <param name="Stanzas">One for each recipient.</param>
/// <param name="Covered">The bytes that the code covers: up to and with the three dashes.</param>
/// <param name="Mac">The code.</param>
/// <param name="Length">The bytes of the whole header, the last line end included.</param>
internal sealed record AgeHeader(IReadOnlyList<AgeStanza> Stanzas, byte[] Covered, byte[] Mac, int Length)
{
    private static readonly byte[] MacInfo = "header"u8.ToArray();

    /// <summary>Says whether the code was made by somebody who had the file key, for just these bytes.</summary>
    public bool IsAuthentic(ReadOnlySpan<byte> fileKey) => CryptographicOperations.FixedTimeEquals(ComputeMac(fileKey, Covered), Mac);

    /// <summary>Writes a header for these stanzas.</summary>
    public static byte[] Write(IEnumerable<AgeStanza> stanzas, ReadOnlySpan<byte> fileKey)
    {
        using var written = new MemoryStream();
        written.Write(AgeFormat.VersionLine);
        written.WriteByte((byte)'\n');
        foreach (var stanza in stanzas)
        {
            Write(written, stanza);
        }

        written.Write(AgeFormat.MacPrefix);
        var mac = ComputeMac(fileKey, written.ToArray());
        written.Write(Encoding.ASCII.GetBytes($" {AgeBase64.Encode(mac)}\n"));
        return written.ToArray();
    }

    private static void Write(MemoryStream written, AgeStanza stanza)
    {
        written.Write(Encoding.ASCII.GetBytes($"-> {string.Join(' ', [stanza.Type, .. stanza.Arguments])}\n"));
        var body = AgeBase64.Encode(stanza.Body);
        for (var start = 0; start <= body.Length; start += AgeFormat.ColumnsPerLine)
        {
            // The last line is the first that is not full: after a full one an empty one follows.
            written.Write(Encoding.ASCII.GetBytes(body.AsSpan(start, Math.Min(AgeFormat.ColumnsPerLine, body.Length - start)).ToString()));
            written.WriteByte((byte)'\n');
        }
    }

    private static byte[] ComputeMac(ReadOnlySpan<byte> fileKey, ReadOnlySpan<byte> covered)
    {
        Span<byte> key = stackalloc byte[AgeFormat.KeySize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, fileKey, key, salt: [], MacInfo);
        try
        {
            return HMACSHA256.HashData(key, covered);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
