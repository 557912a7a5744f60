using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.Arrival;

/// <summary>Puts the client in the place of the proxy that its request came by, where the proxy is listed.</summary>
internal sealed class ProxyForwarding : IForwardedClients
{
    private readonly KnownProxies _proxies;
    private readonly ForwardedHeadersMiddleware _headers;

    public ProxyForwarding(KnownProxies proxies, ILoggerFactory loggers)
    {
        _proxies = proxies;
        var options = new ForwardedHeadersOptions();
        proxies.Configure(options);
        _headers = new ForwardedHeadersMiddleware(static _ => Task.CompletedTask, loggers, Options.Create(options));
    }

    /// <summary>Reads what the proxy says, once a request.</summary>
    /// <returns><see langword="false"/> where it names no client that can be read.</returns>
    public bool Apply(HttpContext http, InferenceContext context)
    {
        // One that is run again by an error page is past its proxies.
        if (context.CameByKnownProxy || !_proxies.Contains(SenderOf(http)))
        {
            return true;
        }

        context.CameByKnownProxy = true;
        return TryApply(http);
    }

    public IPAddress? AddressOf(HttpContext http)
    {
        var sender = http.Connection.RemoteIpAddress;
        if (InferenceContext.Find(http)?.CameByKnownProxy == true || !_proxies.Contains(SenderOf(http)))
        {
            return sender;
        }

        // The platform changes the request that it reads: endpoints of the app without guards keep theirs.
        var copy = new DefaultHttpContext();
        copy.Connection.RemoteIpAddress = sender;
        copy.Request.Headers["X-Forwarded-For"] = http.Request.Headers["X-Forwarded-For"];

        // Nobody's address: no network has it, and least of all the proxy's.
        return TryApply(copy) ? copy.Connection.RemoteIpAddress : IPAddress.None;
    }

    // Where the platform stops at a proxy with more to read, what comes next is no address. The proxy's own, which many may share and much may be allowed, must not stand for it.
    private bool TryApply(HttpContext http)
    {
        _headers.ApplyForwarders(http);
        return string.IsNullOrWhiteSpace(http.Request.Headers["X-Forwarded-For"]) || !_proxies.Contains(ClientNetwork.AddressOf(http));
    }

    /// <summary>Returns who is at the other end of the connection, whatever an earlier middleware has made of the request's address.</summary>
    public static IPAddress SenderOf(HttpContext http) => http.Features.Get<IConnectionEndPointFeature>() is { RemoteEndPoint: { } sender }
        ? (sender as IPEndPoint)?.Address ?? IPAddress.Loopback
        : ClientNetwork.AddressOf(http);
}
