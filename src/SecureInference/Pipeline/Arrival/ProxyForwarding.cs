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

    public void Apply(HttpContext http, InferenceContext context)
    {
        // Once a request: one that is run again by an error page is past its proxies.
        if (context.CameByKnownProxy || !_proxies.Contains(SenderOf(http)))
        {
            return;
        }

        context.CameByKnownProxy = true;
        _headers.ApplyForwarders(http);
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
        _headers.ApplyForwarders(copy);
        return copy.Connection.RemoteIpAddress;
    }

    /// <summary>Returns who is at the other end of the connection, whatever an earlier middleware has made of the request's address.</summary>
    public static IPAddress SenderOf(HttpContext http) => http.Features.Get<IConnectionEndPointFeature>() is { RemoteEndPoint: { } sender }
        ? (sender as IPEndPoint)?.Address ?? IPAddress.Loopback
        : ClientNetwork.AddressOf(http);
}
