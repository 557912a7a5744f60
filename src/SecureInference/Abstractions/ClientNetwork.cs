using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace SecureInference;

/// <summary>Where a request comes from, as far as that is anybody's business: /24 of IPv4, /56 of IPv6.</summary>
internal readonly record struct ClientNetwork(ulong Prefix, bool IsIPv6, bool IsLoopback)
{
    private const int KeptBytesIPv6 = 7;

    public static ClientNetwork Of(HttpContext http)
    {
        var address = AddressOf(http);
        if (IPAddress.IsLoopback(address))
        {
            return new ClientNetwork(0, IsIPv6: false, IsLoopback: true);
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        var isIPv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        var prefix = 0UL;
        foreach (var value in bytes[..(isIPv6 ? KeptBytesIPv6 : 3)])
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

        var kept = IsIPv6 ? KeptBytesIPv6 : 3;
        Span<byte> bytes = stackalloc byte[IsIPv6 ? 16 : 4];
        bytes.Clear();
        for (var index = 0; index < kept; index++)
        {
            bytes[index] = (byte)(Prefix >> (8 * (kept - 1 - index)));
        }

        return $"{new IPAddress(bytes)}/{8 * kept}";
    }
}
