using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.Arrival;

/// <summary>Is the road safe? Refusals here are counted, not recorded: a flood must not fill the log.</summary>
internal sealed class ArrivalMiddleware
{
    private readonly RequestDelegate _next;
    private readonly DrainState _drain;
    private readonly ArrivalTelemetry _telemetry;
    private readonly RequestTelemetry _requests;
    private readonly ProxyForwarding? _forwarding;
    private readonly SecurityHeaders _headers;
    private readonly bool _requireHttps;
    private readonly IPNetwork[] _allowedNetworks;

    public ArrivalMiddleware(
        RequestDelegate next, DrainState drain, ArrivalTelemetry telemetry, RequestTelemetry requests, IOptions<ArrivalOptions> options, ILoggerFactory loggers)
    {
        _next = next;
        _drain = drain;
        _telemetry = telemetry;
        _requests = requests;
        var proxies = new KnownProxies(options.Value.KnownProxies);
        _forwarding = proxies.IsEmpty ? null : new ProxyForwarding(proxies, loggers);
        _headers = new SecurityHeaders(options.Value);
        _requireHttps = options.Value.RequireHttps;
        _allowedNetworks = [.. options.Value.AllowedNetworks.Select(IPNetwork.Parse)];
    }

    public Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        var context = InferenceContext.Get(http);

        // First of all: whatever looks at the address or the scheme, here and later, must see the client's.
        var isForwarded = _forwarding?.Apply(http, context) != false;
        _headers.Set(http);
        var operation = endpoint?.Metadata.GetMetadata<InferenceEndpointMetadata>()?.Operation;
        var isHealth = operation == InferenceOperation.Health;
        var error = isForwarded ? Refuse(http, isHealth) : InferenceErrors.ForwardedForMalformed;
        if (error is null)
        {
            context.Mark(InferenceStage.Arrival, endpoint);
        }

        return !isHealth ? ObserveAsync(http, context, operation, error) : error is null ? _next(http) : RefuseAsync(http, error);
    }

    private async Task ObserveAsync(HttpContext http, InferenceContext context, InferenceOperation? operation, InferenceError? error)
    {
        var (isIn, hasFailed) = (false, true);
        _requests.Begin(context);
        try
        {
            isIn = error is null && _drain.TryEnter();
            await (isIn ? _next(http) : RefuseAsync(http, error ?? InferenceErrors.Draining));
            hasFailed = false;
        }
        finally
        {
            if (isIn)
            {
                _drain.Leave();
            }

            _requests.End(http, context, operation, hasFailed);
        }
    }

    private Task RefuseAsync(HttpContext http, InferenceError error)
    {
        _telemetry.Refused(error);
        return ErrorResponse.WriteAsync(http, error);
    }

    private InferenceError? Refuse(HttpContext http, bool isHealth)
    {
        if (_allowedNetworks.Length != 0 && !IsAllowed(ClientNetwork.AddressOf(http)))
        {
            return InferenceErrors.NetworkNotAllowed;
        }

        if (isHealth)
        {
            return null;
        }

        if (RefuseFraming(http.Request) is { } error)
        {
            return error;
        }

        var isSafe = http.Request.IsHttps ? !IsOldTls(http) : !_requireHttps || ClientNetwork.Of(http).IsLoopback;
        return isSafe ? null : InferenceErrors.HttpsRequired;
    }

    private bool IsAllowed(IPAddress address)
    {
        foreach (var network in _allowedNetworks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells what was negotiated, whatever the app has allowed: before TLS 1.2, secrecy is a promise that others can break.</summary>
    private static bool IsOldTls(HttpContext http) =>
        http.Features.Get<ITlsHandshakeFeature>() is { Protocol: > SslProtocols.None and < SslProtocols.Tls12 };

    private static InferenceError? RefuseFraming(HttpRequest request)
    {
        var headers = request.Headers;
        var codings = headers.TransferEncoding;
        if (codings.Count == 0)
        {
            return null;
        }

        // Two framings of one body: a proxy before us may have seen another request than we do. (Kestrel moves the second one aside.)
        if (headers.ContentLength is not null || headers.ContainsKey("X-Content-Length"))
        {
            return InferenceErrors.FramingAmbiguous;
        }

        // Kestrel looks at the last coding alone, where one that nobody here undoes would pass as the body itself,
        // and undoes it for HTTP/1.0 too, where a proxy may not know it and see two requests.
        var isChunked = codings.Count == 1 && string.Equals(codings[0], "chunked", StringComparison.OrdinalIgnoreCase);
        return isChunked && !HttpProtocol.IsHttp10(request.Protocol) ? null : InferenceErrors.TransferCodingUnknown;
    }
}
