using System.Net;
using Microsoft.AspNetCore.Http;

namespace SecureInference;

/// <summary>Where a request comes from, as far as that is anybody's business: /24 of IPv4, /56 of IPv6.</summary>
internal readonly record struct ClientNetwork(ulong Prefix, bool IsIPv6, bool IsLoopback)
{
    private const int KeptBytesIPv4 = 3;
    private const int KeptBytesIPv6 = 7;

    /// <summary>127.0.0.0/8.</summary>
    private const byte LoopbackByte = 127;

    private static readonly ClientNetwork Loopback = new(0, IsIPv6: false, IsLoopback: true);

    public static ClientNetwork Of(HttpContext http) => Of(http.Connection.RemoteIpAddress);

    /// <summary>Returns the network of an address; a connection without one (test server, Unix socket) counts as loopback.</summary>
    public static ClientNetwork Of(IPAddress? address)
    {
        if (address is null || IPAddress.IsLoopback(address))
        {
            return Loopback;
        }

        // On bytes, without an address object: a socket for both families has every IPv4 address mapped.
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        var isMapped = address.IsIPv4MappedToIPv6;
        var isIPv6 = length == bytes.Length && !isMapped;
        ReadOnlySpan<byte> kept = isIPv6 ? bytes[..KeptBytesIPv6] : isMapped ? bytes.Slice(12, KeptBytesIPv4) : bytes[..KeptBytesIPv4];
        if (!isIPv6 && kept[0] == LoopbackByte)
        {
            return Loopback;
        }

        var prefix = 0UL;
        foreach (var value in kept)
        {
            prefix = (prefix << 8) | value;
        }

        return new ClientNetwork(prefix, isIPv6, IsLoopback: false);
    }

    /// <summary>Returns the client's address; a connection without one (test server, Unix socket) counts as loopback.</summary>
    public static IPAddress AddressOf(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.Loopback;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    public override string ToString()
    {
        if (IsLoopback)
        {
            return "loopback";
        }

        var kept = IsIPv6 ? KeptBytesIPv6 : KeptBytesIPv4;
        Span<byte> bytes = stackalloc byte[IsIPv6 ? 16 : 4];
        bytes.Clear();
        for (var index = 0; index < kept; index++)
        {
            bytes[index] = (byte)(Prefix >> (8 * (kept - 1 - index)));
        }

        return $"{new IPAddress(bytes)}/{8 * kept}";
    }
}
