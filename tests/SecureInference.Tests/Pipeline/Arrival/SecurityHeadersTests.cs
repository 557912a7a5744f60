using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Arrival;
using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Pipeline.Arrival;

public sealed class SecurityHeadersTests
{
    private static readonly InferenceEndpointMetadata Infer = new(InferenceOperation.Infer, "digits", ModelParameter: null);

    private static readonly Dictionary<string, string> Preset = new()
    {
        ["X-Content-Type-Options"] = "nosniff",
        ["Referrer-Policy"] = "no-referrer",
        ["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'",
        ["Cache-Control"] = "no-store",
        ["Cross-Origin-Resource-Policy"] = "same-origin",
    };

    [Fact]
    public async Task Invoke_Answer_HasThePreset()
    {
        var http = await SendAsync(new ArrivalOptions());

        Assert.All(Preset, header => Assert.Equal(header.Value, http.Response.Headers[header.Key]));
    }

    [Fact]
    public async Task Invoke_Refusal_HasThePreset()
    {
        var http = await SendAsync(new ArrivalOptions { AllowedNetworks = ["192.0.2.0/24"] });

        Assert.Equal(403, http.Response.StatusCode);
        Assert.All(Preset, header => Assert.Equal(header.Value, http.Response.Headers[header.Key]));
    }

    [Fact]
    public async Task Invoke_SwitchedOff_SetsNone()
    {
        var http = await SendAsync(new ArrivalOptions { SecurityHeaders = false, HstsMaxAge = TimeSpan.Zero }, scheme: "https", host: "serving.example");

        Assert.Empty(http.Response.Headers);
    }

    [Fact]
    public async Task Invoke_EndpointSaysItsOwn_Wins()
    {
        var http = await SendAsync(new ArrivalOptions(), endpoint: static http =>
        {
            foreach (var name in Preset.Keys)
            {
                http.Response.Headers[name] = "own";
            }
        });

        Assert.All(Preset.Keys, name => Assert.Equal("own", http.Response.Headers[name]));
    }

    [Fact]
    public async Task Invoke_AppSaidItsOwnBefore_Wins()
    {
        var http = await SendAsync(
            new ArrivalOptions(),
            scheme: "https",
            host: "serving.example",
            before: static http =>
            {
                http.Response.Headers.StrictTransportSecurity = "max-age=5; includeSubDomains";
                foreach (var name in Preset.Keys)
                {
                    http.Response.Headers[name] = "own";
                }
            });

        Assert.All(Preset.Keys, name => Assert.Equal("own", http.Response.Headers[name]));
        Assert.Equal("max-age=5; includeSubDomains", http.Response.Headers.StrictTransportSecurity);
    }

    [Theory]
    [InlineData("https", "serving.example", "max-age=31536000")]
    [InlineData("https", "serving.example:8443", "max-age=31536000")]
    [InlineData("https", "10.0.0.7:8443", "max-age=31536000")]
    [InlineData("https", "[2001:db8::1]:8443", "max-age=31536000")]
    [InlineData("https", "localhost.example", "max-age=31536000")]
    [InlineData("https", "localhost", "")]
    [InlineData("https", "LocalHost:8443", "")]
    [InlineData("https", "127.0.0.1:8443", "")]
    [InlineData("https", "[::1]", "")]
    [InlineData("https", "[::1]:8443", "")]
    [InlineData("http", "serving.example", "")]
    public async Task Invoke_Https_TellsBrowsersToStayWithIt(string scheme, string host, string expected)
    {
        var http = await SendAsync(new ArrivalOptions(), scheme, host);

        Assert.Equal(expected, http.Response.Headers.StrictTransportSecurity.ToString());
    }

    [Theory]
    [InlineData("00:00:00", "")]
    [InlineData("01:00:00", "max-age=3600")]
    public async Task Invoke_HstsMaxAge_IsSaidInSeconds(string maxAge, string expected)
    {
        var http = await SendAsync(new ArrivalOptions { HstsMaxAge = TimeSpan.Parse(maxAge) }, "https", "serving.example");

        Assert.Equal(expected, http.Response.Headers.StrictTransportSecurity.ToString());
    }

    private static async Task<HttpContext> SendAsync(
        ArrivalOptions options, string scheme = "http", string host = "localhost", Action<HttpContext>? endpoint = null, Action<HttpContext>? before = null)
    {
        var http = Some.Request("127.0.0.1", Infer);
        http.Request.Scheme = scheme;
        http.Request.Host = new HostString(host);
        before?.Invoke(http);
        var sut = new ArrivalMiddleware(
            http =>
            {
                endpoint?.Invoke(http);
                return Task.CompletedTask;
            },
            new DrainState(),
            Some.Part<ArrivalTelemetry>(),
            Some.Part<RequestTelemetry>(),
            Options.Create(options),
            NullLoggerFactory.Instance);
        await sut.InvokeAsync(http);
        return http;
    }
}
