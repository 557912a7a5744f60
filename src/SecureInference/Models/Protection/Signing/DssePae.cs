using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SecureInference.Models.Protection.Signing;

/// <summary>The bytes that are signed in place of a payload, so that a signature never holds for a payload of another type.</summary>
internal static class DssePae
{
    /// <summary>Returns the hash of the encoding, which is not built: a payload may be large.</summary>
    public static byte[] Hash(HashAlgorithmName algorithm, string payloadType, ReadOnlySpan<byte> payload)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        hash.AppendData(Encoding.ASCII.GetBytes(Head("DSSEv1", payloadType, payload.Length)));
        hash.AppendData(payload);
        return hash.GetHashAndReset();
    }

    /// <summary>Returns the hash of what version 0.2.0 of the reference tool signs: it prints the payload as Python shows bytes.</summary>
    public static byte[] HashOfLegacy(string payloadType, ReadOnlySpan<byte> payload)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(Head("DSSEV1", payloadType, payload.Length)));
        var quote = payload.Contains((byte)'\'') && !payload.Contains((byte)'"') ? (byte)'"' : (byte)'\'';
        hash.AppendData([(byte)'b', quote]);
        foreach (var value in payload)
        {
            hash.AppendData(Shown(value, quote));
        }

        hash.AppendData([quote]);
        return hash.GetHashAndReset();
    }

    private static string Head(string version, string payloadType, int length) =>
        string.Create(CultureInfo.InvariantCulture, $"{version} {payloadType.Length} {payloadType} {length} ");

    private static byte[] Shown(byte value, byte quote) => value switch
    {
        (byte)'\n' => [(byte)'\\', (byte)'n'],
        (byte)'\r' => [(byte)'\\', (byte)'r'],
        (byte)'\t' => [(byte)'\\', (byte)'t'],
        (byte)'\\' => [(byte)'\\', (byte)'\\'],
        < 32 or >= 127 => Encoding.ASCII.GetBytes($@"\x{value:x2}"),
        _ => value == quote ? [(byte)'\\', value] : [value],
    };
}
