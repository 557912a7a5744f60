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

    /// <summary>Gets or sets the proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed: addresses, or networks in CIDR notation.</summary>
    /// <value>The default is empty: the headers are ignored.</value>
    /// <remarks>A network that clients share lets them choose their address: list the proxies alone.</remarks>
    public IList<string> KnownProxies { get; set; } = [];

    /// <summary>Gets or sets whether answers tell browsers not to store, embed or guess at them, where an endpoint says nothing of its own.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool SecurityHeaders { get; set; } = true;

    /// <summary>Gets or sets how long browsers remember to come by HTTPS alone; zero says nothing of it.</summary>
    /// <value>The default is 365 days.</value>
    public TimeSpan HstsMaxAge { get; set; } = TimeSpan.FromDays(365);

    /// <summary>Gets or sets how much a connection may take.</summary>
    public ConnectionOptions Connections { get; set; } = new();

    internal IEnumerable<string> Problems()
    {
        foreach (var problem in Connections.Problems())
        {
            yield return problem;
        }

        foreach (var network in AllowedNetworks)
        {
            if (!NetworkNotation.TryParse(network, out _))
            {
                yield return $"Arrival:AllowedNetworks has '{network}', which is no network. {NetworkNotation.Remedy}";
            }
        }

        foreach (var proxy in KnownProxies)
        {
            if (!Arrival.KnownProxies.TryParse(proxy, out _))
            {
                yield return $"Arrival:KnownProxies has '{proxy}', which is neither an address nor a network. Write, for example, 10.0.0.7 or 10.0.0.0/28.";
            }
        }

        if (HstsMaxAge < TimeSpan.Zero || HstsMaxAge > TimeSpan.FromDays(3650))
        {
            yield return $"Arrival:HstsMaxAge is {HstsMaxAge}. Write a time between 00:00:00, which is off, and 3650.00:00:00.";
        }
    }
}
