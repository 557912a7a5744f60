using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace SecureInference.Pipeline.Arrival;

/// <summary>Says on every answer how little a browser may do with it. Set first, so that an endpoint's own values win.</summary>
internal sealed class SecurityHeaders
{
    private const string OwnContentOnly = "default-src 'none'; frame-ancestors 'none'";
    private readonly bool _preset;
    private readonly StringValues _transport;

    public SecurityHeaders(ArrivalOptions options)
    {
        _preset = options.SecurityHeaders;
        _transport = options.HstsMaxAge == TimeSpan.Zero ? StringValues.Empty : $"max-age={(long)options.HstsMaxAge.TotalSeconds}";
    }

    public void Set(HttpContext http)
    {
        var headers = http.Response.Headers;
        if (_preset)
        {
            // Looked up only where somebody was here before: most are first, and a look-up costs as much as the setting.
            var isFirst = headers.Count == 0;
            headers.XContentTypeOptions = isFirst ? "nosniff" : Or(headers.XContentTypeOptions, "nosniff");
            headers["Referrer-Policy"] = isFirst ? "no-referrer" : Or(headers["Referrer-Policy"], "no-referrer");
            headers.ContentSecurityPolicy = isFirst ? OwnContentOnly : Or(headers.ContentSecurityPolicy, OwnContentOnly);
            headers.CacheControl = isFirst ? "no-store" : Or(headers.CacheControl, "no-store");

            // Requests that CORS allows are not under it.
            headers["Cross-Origin-Resource-Policy"] = isFirst ? "same-origin" : Or(headers["Cross-Origin-Resource-Policy"], "same-origin");
        }

        if (_transport.Count != 0 && http.Request.IsHttps && !IsLoopback(http.Request.Host.Value))
        {
            headers.StrictTransportSecurity = Or(headers.StrictTransportSecurity, _transport);
        }
    }

    /// <summary>Tells the names of one's own machine, as the platform's HSTS does: a browser remembers them for every port and project.</summary>
    private static bool IsLoopback(ReadOnlySpan<char> host)
    {
        var port = host.LastIndexOf(':');
        var name = port > host.LastIndexOf(']') ? host[..port] : host;
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || name.Equals("127.0.0.1", StringComparison.Ordinal)
            || name.Equals("[::1]", StringComparison.Ordinal);
    }

    private static StringValues Or(StringValues own, StringValues preset) => own.Count == 0 ? preset : own;
}
