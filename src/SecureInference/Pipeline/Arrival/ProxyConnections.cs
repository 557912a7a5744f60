using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.Arrival;

/// <summary>Tells whose connection a request came by, for endpoints that no guard stands before.</summary>
internal sealed class ProxyConnections(IOptions<ArrivalOptions> options) : IKnownProxies
{
    private readonly KnownProxies _proxies = new(options.Value.KnownProxies);

    public bool Brought(HttpContext http) => !_proxies.IsEmpty && _proxies.Contains(ProxyForwarding.SenderOf(http));
}
