using System.Net;
using System.Net.Sockets;

namespace SecureInference;

/// <summary>Networks as people write them: in configuration, on the command line, in key stores.</summary>
internal static class NetworkNotation
{
    /// <summary>What to write in place of something that is no network.</summary>
    public const string Remedy = "Write its first address and the length of its prefix, for example 10.0.0.0/8, 192.0.2.7/32 or 2001:db8::/32.";

    /// <summary>Reads a network in CIDR notation. An address within it is refused: it may be a slip of the prefix, and so a wider network than was meant.</summary>
    public static bool TryParse(string? text, out IPNetwork network)
    {
        // As it reads back: to some, 010.0.0.0 is another address than it looks. One of the old Internet written as one of the new never calls.
        network = default;
        return text is not null
            && IPNetwork.TryParse(text, out network)
            && IPAddress.TryParse(text.AsSpan(0, text.IndexOf('/')), out var first)
            && first.Equals(network.BaseAddress)
            && (first.AddressFamily == AddressFamily.InterNetwork ? network.ToString() == text : !first.IsIPv4MappedToIPv6);
    }
}
