using System.Net;

namespace SecureInference.Pipeline.Arrival;

/// <summary>Which roads a request may come by.</summary>
public sealed class ArrivalOptions
{
    /// <summary>Gets or sets whether plain HTTP is refused, except on the loopback interface and for health.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool RequireHttps { get; set; } = true;

    /// <summary>Gets or sets the networks that requests may come from, in CIDR notation.</summary>
    /// <value>The default is empty: from anywhere.</value>
    public IList<string> AllowedNetworks { get; set; } = [];

    internal IEnumerable<string> Problems()
    {
        foreach (var network in AllowedNetworks)
        {
            if (!IPNetwork.TryParse(network, out _))
            {
                yield return $"Arrival:AllowedNetworks has '{network}', which is no network. Write, for example, 10.0.0.0/8 or 2001:db8::/32.";
            }
        }
    }
}
