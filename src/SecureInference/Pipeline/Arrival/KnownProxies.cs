using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace SecureInference.Pipeline.Arrival;

/// <summary>The senders whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed, and nobody else's.</summary>
internal sealed class KnownProxies(IEnumerable<string> entries)
{
    private readonly IPNetwork[] _networks = [.. entries.Select(static entry => TryParse(entry, out var network)
        ? network
        : throw new FormatException($"'{entry}' is neither an address nor a network."))];

    public bool IsEmpty => _networks.Length == 0;

    /// <summary>Reads an address, which is a network of one, or a network in CIDR notation.</summary>
    public static bool TryParse(string? entry, out IPNetwork network)
    {
        if (IPAddress.TryParse(entry, out var address))
        {
            // 10.7 is an address to some, and 010.0.0.7 another one than it looks: only what reads back as it was written.
            if (!string.Equals(address.ToString(), entry, StringComparison.OrdinalIgnoreCase) && !entry.Contains(':', StringComparison.Ordinal))
            {
                network = default;
                return false;
            }

            var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            network = new IPNetwork(plain, plain.GetAddressBytes().Length * 8);
            return true;
        }

        return NetworkNotation.TryParse(entry, out network);
    }

    public bool Contains(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in _networks)
        {
            if (network.Contains(plain))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Makes the platform believe these senders: a chain of them too, up to the first that is not listed.</summary>
    public void Configure(ForwardedHeadersOptions options)
    {
        // The host and the prefix are for nobody to choose.
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        options.ForwardLimit = null;

        // By itself the platform believes loopback.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in _networks)
        {
            options.KnownIPNetworks.Add(network);
        }
    }
}
