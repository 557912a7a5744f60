using System.Buffers.Binary;
using System.Net;

namespace SecureInference.Pipeline.Auditing.Records;

/// <summary>A network in a record: a byte that says of which family it is, and the bytes of its prefix.</summary>
internal static class AuditNetwork
{
    public const int MaxBytes = 8;

    /// <summary>Stands for the networks that a tally had no room for.</summary>
    public const string Other = "other";

    private const byte LoopbackFamily = 0;
    private const byte OtherFamily = 1;
    private const byte IPv4Family = 4;
    private const byte IPv6Family = 6;
    private const int IPv4Bytes = 3;
    private const int IPv6Bytes = 7;

    public static int Write(ClientNetwork network, Span<byte> target)
    {
        if (network.IsLoopback)
        {
            target[0] = LoopbackFamily;
            return 1;
        }

        var kept = network.IsIPv6 ? IPv6Bytes : IPv4Bytes;
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(prefix, network.Prefix);
        target[0] = network.IsIPv6 ? IPv6Family : IPv4Family;
        prefix[^kept..].CopyTo(target[1..]);
        return kept + 1;
    }

    public static int Write(string network, Span<byte> target)
    {
        if (network == Other)
        {
            target[0] = OtherFamily;
            return 1;
        }

        return Write(network == "loopback" ? ClientNetwork.Of(address: null) : ClientNetwork.Of(IPNetwork.Parse(network).BaseAddress), target);
    }

    public static string? Read(ReadOnlySpan<byte> source) => (source.Length, source.IsEmpty ? default : source[0]) switch
    {
        (1, LoopbackFamily) => "loopback",
        (1, OtherFamily) => Other,
        (IPv4Bytes + 1, IPv4Family) => Prefix(source[1..], 4),
        (IPv6Bytes + 1, IPv6Family) => Prefix(source[1..], 16),
        _ => null,
    };

    private static string Prefix(ReadOnlySpan<byte> kept, int length)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        kept.CopyTo(bytes);
        return $"{new IPAddress(bytes[..length])}/{8 * kept.Length}";
    }
}
