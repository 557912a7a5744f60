using System.Security.Authentication;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Arrival;
using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Pipeline.Arrival;

public sealed class ArrivalMiddlewareTests
{
    private static readonly InferenceEndpointMetadata Infer = new(InferenceOperation.Infer, "digits", ModelParameter: null);
    private static readonly InferenceEndpointMetadata Health = new(InferenceOperation.Health, Model: null, ModelParameter: null);
    private readonly DrainState _drain = new();
    private int _passed;

    [Theory]
    [InlineData(null, "http", 200)]
    [InlineData("127.0.0.1", "http", 200)]
    [InlineData("::1", "http", 200)]
    [InlineData("::ffff:127.0.0.1", "http", 200)]
    [InlineData("203.0.113.7", "https", 200)]
    [InlineData("203.0.113.7", "http", 403)]
    [InlineData("::ffff:203.0.113.7", "http", 403)]
    [InlineData("fe80::1", "http", 403)]
    [InlineData("0.0.0.0", "http", 403)]
    public async Task Invoke_HttpsRequired_RefusesPlainHttpFromBeyondLoopback(string? address, string scheme, int expected)
    {
        var status = await SendAsync(new ArrivalOptions(), address, scheme, Infer);

        Assert.Equal(expected, status);
        Assert.Equal(expected == 200 ? 1 : 0, _passed);
    }

    [Theory]
    [InlineData("10.1.2.3", 200)]
    [InlineData("::ffff:10.1.2.3", 200)]
    [InlineData("2001:db8:1::5", 200)]
    [InlineData("192.168.200.1", 200)]
    [InlineData("11.1.2.3", 403)]
    [InlineData("192.169.7.7", 403)]
    [InlineData("2001:db9::1", 403)]
    [InlineData("127.0.0.1", 403)]
    [InlineData(null, 403)]
    public async Task Invoke_AllowedNetworks_RefusesEveryOtherAddress(string? address, int expected)
    {
        var options = new ArrivalOptions { AllowedNetworks = ["10.0.0.0/8", "2001:db8::/32", "192.168.7.7/16"] };

        Assert.Equal(expected, await SendAsync(options, address, "https", Infer));
        Assert.Equal(expected, await SendAsync(options, address, "https", Health));
    }

    [Fact]
    public async Task Invoke_HealthOverPlainHttp_Passes() =>
        Assert.Equal(200, await SendAsync(new ArrivalOptions(), "203.0.113.7", "http", Health));

    [Theory]
    [InlineData(SslProtocols.None, 200)]
#pragma warning disable CS0618, SYSLIB0039, CA5397 // What is refused must be named.
    [InlineData(SslProtocols.Ssl3, 403)]
    [InlineData(SslProtocols.Tls, 403)]
    [InlineData(SslProtocols.Tls11, 403)]
#pragma warning restore CS0618, SYSLIB0039, CA5397
    [InlineData(SslProtocols.Tls12, 200)]
    [InlineData(SslProtocols.Tls13, 200)]
    public async Task Invoke_TlsThatWasNegotiated_MustBeTls12OrLater(SslProtocols protocol, int expected)
    {
        var http = Some.Request("127.0.0.1", Infer);
        http.Request.Scheme = "https";
        http.Features.Set<ITlsHandshakeFeature>(new Handshake(protocol));

        await CreateSut(new ArrivalOptions()).InvokeAsync(http);

        Assert.Equal(expected, http.Response.StatusCode);
        Assert.Equal(expected == 200 ? 1 : 0, _passed);
    }

    [Theory]
    [InlineData("Content-Length")]
    [InlineData("X-Content-Length")]
    public async Task Invoke_TwoFramingsOfOneBody_Refuses(string header)
    {
        var http = Some.Request(demands: Infer);
        http.Request.Headers.TransferEncoding = "chunked";
        http.Request.Headers[header] = "5";

        await CreateSut(new ArrivalOptions()).InvokeAsync(http);

        Assert.Equal(400, http.Response.StatusCode);
        Assert.Equal("close", http.Response.Headers.Connection);
        Assert.Equal(0, _passed);
    }

    [Fact]
    public async Task Invoke_Draining_Answers503AndLeavesNobodyBehind()
    {
        _ = _drain.DrainAsync();
        var http = Some.Request(demands: Infer);

        await CreateSut(new ArrivalOptions()).InvokeAsync(http);

        Assert.Equal(503, http.Response.StatusCode);
        Assert.Equal("5", http.Response.Headers.RetryAfter);
        Assert.Equal(0, _passed);
        Assert.Equal(0, _drain.InFlight);
    }

    [Fact]
    public async Task Invoke_DrainingAndHealth_Passes()
    {
        _ = _drain.DrainAsync();

        Assert.Equal(200, await SendAsync(new ArrivalOptions(), "127.0.0.1", "http", Health));
    }

    [Fact]
    public async Task Invoke_NextThrows_LeavesNobodyBehind()
    {
        var sut = new ArrivalMiddleware(
            _ => throw new InvalidOperationException(), _drain, Some.Part<ArrivalTelemetry>(), Some.Part<RequestTelemetry>(), Options.Create(new ArrivalOptions()), NullLoggerFactory.Instance);

        await Assert.ThrowsAsync<InvalidOperationException>(() => sut.InvokeAsync(Some.Request(demands: Infer)));

        Assert.Equal(0, _drain.InFlight);
    }

    [Fact]
    public async Task Invoke_Refused_LeavesNoMark()
    {
        var http = Some.Request("203.0.113.7", Infer);

        await CreateSut(new ArrivalOptions()).InvokeAsync(http);

        Assert.False(InferenceContext.Get(http).HasPassed(InferenceStage.Arrival, http.Features.Get<Microsoft.AspNetCore.Http.Features.IEndpointFeature>()?.Endpoint));
    }

    private async Task<int> SendAsync(ArrivalOptions options, string? address, string scheme, InferenceEndpointMetadata demands)
    {
        var http = Some.Request(address, demands);
        http.Request.Scheme = scheme;
        await CreateSut(options).InvokeAsync(http);
        return http.Response.StatusCode;
    }

    private ArrivalMiddleware CreateSut(ArrivalOptions options) => new(
        _ =>
        {
            _passed++;
            return Task.CompletedTask;
        },
        _drain,
        Some.Part<ArrivalTelemetry>(),
        Some.Part<RequestTelemetry>(),
        Options.Create(options),
        NullLoggerFactory.Instance);

    private sealed class Handshake(SslProtocols protocol) : ITlsHandshakeFeature
    {
        public SslProtocols Protocol => protocol;

#pragma warning disable SYSLIB0058 // The interface has them.
        public CipherAlgorithmType CipherAlgorithm => default;

        public int CipherStrength => 0;

        public HashAlgorithmType HashAlgorithm => default;

        public int HashStrength => 0;

        public ExchangeAlgorithmType KeyExchangeAlgorithm => default;

        public int KeyExchangeStrength => 0;
#pragma warning restore SYSLIB0058
    }
}
