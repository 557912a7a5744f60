using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Arrival;
using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Pipeline.Arrival;

/// <summary>Who is believed about a client's address and scheme.</summary>
public sealed class ForwardingTests
{
    private static readonly InferenceEndpointMetadata Infer = new(InferenceOperation.Infer, "digits", ModelParameter: null);

    [Theory]
    [InlineData("10.0.0.7", "203.0.113.9", "203.0.113.9")]
    [InlineData("::ffff:10.0.0.7", "203.0.113.9", "203.0.113.9")]
    [InlineData("10.0.0.7", "203.0.113.9:4711", "203.0.113.9")]
    [InlineData("10.0.0.7", "192.0.2.66, 203.0.113.9", "203.0.113.9")]
    [InlineData("10.0.0.7", "192.0.2.66, 203.0.113.9, 10.0.0.8", "203.0.113.9")]
    [InlineData("10.0.0.7", "127.0.0.1, 203.0.113.9", "203.0.113.9")]
    [InlineData("10.0.0.7", "203.0.113.9, nonsense", "10.0.0.7")]
    [InlineData("10.0.0.7", "", "10.0.0.7")]
    [InlineData("10.0.0.9", "203.0.113.9", "10.0.0.9")]
    [InlineData("127.0.0.1", "203.0.113.9", "127.0.0.1")]
    [InlineData("198.51.100.1", "127.0.0.1", "198.51.100.1")]
    public async Task Invoke_Sender_IsBelievedWhereItIsListed(string sender, string forwardedFor, string expected)
    {
        var http = Request(sender, forwardedFor, "https");

        await CreateSut("10.0.0.7", "10.0.0.8").InvokeAsync(http);

        Assert.Equal(expected, ClientNetwork.AddressOf(http).ToString());
        Assert.Equal(sender.EndsWith("10.0.0.7", StringComparison.Ordinal), InferenceContext.Get(http).CameByKnownProxy);
    }

    [Theory]
    [InlineData("203.0.113.9, nonsense", 400)]
    [InlineData("nonsense", 400)]
    [InlineData("unknown", 400)]
    [InlineData("nonsense, 10.0.0.8", 400)]
    [InlineData("nonsense, 203.0.113.9", 200)]
    [InlineData("10.0.0.8", 200)]
    [InlineData("", 200)]
    public async Task Invoke_ClientThatCannotBeRead_IsRefusedAndNotTakenForTheProxy(string forwardedFor, int expected)
    {
        var http = Request("10.0.0.7", forwardedFor, "https");

        await CreateSut("10.0.0.7", "10.0.0.8").InvokeAsync(http);

        Assert.Equal(expected, http.Response.StatusCode);
    }

    [Theory]
    [InlineData("10.0.0.7", "https", 200)]
    [InlineData("10.0.0.7", "http", 403)]
    [InlineData("10.0.0.7", null, 403)]
    [InlineData("10.0.0.9", "https", 403)]
    public async Task Invoke_HttpsRequired_LooksAtTheClientsScheme(string sender, string? scheme, int expected)
    {
        var http = Request(sender, "203.0.113.9", scheme);

        await CreateSut("10.0.0.7").InvokeAsync(http);

        Assert.Equal(expected, http.Response.StatusCode);
        Assert.Equal(expected == 200, http.Request.IsHttps);
    }

    [Theory]
    [InlineData("203.0.113.9", 200)]
    [InlineData("198.51.100.9", 403)]
    [InlineData("203.0.113.9, 198.51.100.9", 403)]
    public async Task Invoke_AllowedNetworks_LooksAtTheClientsAddress(string forwardedFor, int expected)
    {
        var options = new ArrivalOptions { KnownProxies = ["10.0.0.7"], AllowedNetworks = ["203.0.113.0/24"] };
        var http = Request("10.0.0.7", forwardedFor, "https");

        await CreateSut(options).InvokeAsync(http);

        Assert.Equal(expected, http.Response.StatusCode);
    }

    [Fact]
    public async Task Invoke_HostAndPrefixFromAKnownProxy_AreNotBelieved()
    {
        var http = Request("10.0.0.7", "203.0.113.9", "https");
        http.Request.Host = new HostString("mine.example");
        http.Request.Headers["X-Forwarded-Host"] = "theirs.example";
        http.Request.Headers["X-Forwarded-Prefix"] = "/theirs";

        await CreateSut("10.0.0.7").InvokeAsync(http);

        Assert.Equal("mine.example", http.Request.Host.Value);
        Assert.Equal("", http.Request.PathBase.Value);
    }

    [Fact]
    public async Task Invoke_NoProxies_IgnoresTheHeaders()
    {
        var http = Request("127.0.0.1", "203.0.113.9", "https");

        await CreateSut([]).InvokeAsync(http);

        Assert.Equal("127.0.0.1", ClientNetwork.AddressOf(http).ToString());
        Assert.False(http.Request.IsHttps);
        Assert.False(InferenceContext.Get(http).CameByKnownProxy);
    }

    [Theory]
    [InlineData("10.0.0.7", true)]
    [InlineData("198.51.100.1", false)]
    public async Task Invoke_AddressChangedByTheAppBefore_LooksAtTheConnection(string sender, bool isKnown)
    {
        // What the platform's own middleware leaves behind: the client's address, and what it did not use of the header.
        var http = Request("203.0.113.9", "10.0.0.8", "https");
        http.Request.Scheme = "https";
        http.Features.Set<IConnectionEndPointFeature>(new Connection { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(sender), 1) });

        await CreateSut("10.0.0.7", "10.0.0.8").InvokeAsync(http);

        Assert.Equal(isKnown, InferenceContext.Get(http).CameByKnownProxy);
        Assert.Equal("203.0.113.9", ClientNetwork.AddressOf(http).ToString());
    }

    [Fact]
    public async Task Invoke_ConnectionWithoutAddress_CountsAsLoopback()
    {
        var unknown = Request(sender: null, "203.0.113.9", "https");
        var known = Request(sender: null, "203.0.113.9", "https");

        await CreateSut("10.0.0.7").InvokeAsync(unknown);
        await CreateSut("127.0.0.1").InvokeAsync(known);

        Assert.Equal(IPAddress.Loopback, ClientNetwork.AddressOf(unknown));
        Assert.Equal("203.0.113.9", ClientNetwork.AddressOf(known).ToString());
    }

    [Fact]
    public async Task Invoke_RunAgainByAnErrorPage_WalksNoFurther()
    {
        var http = Request("10.0.0.7", "10.0.0.8, 203.0.113.9", "https");
        var sut = CreateSut("10.0.0.7", "10.0.0.8");
        await sut.InvokeAsync(http);

        await sut.InvokeAsync(http);

        Assert.Equal("203.0.113.9", ClientNetwork.AddressOf(http).ToString());
    }

    private static DefaultHttpContext Request(string? sender, string forwardedFor, string? scheme)
    {
        var http = Some.Request(sender, Infer);
        http.Request.Scheme = "http";
        http.Request.Headers["X-Forwarded-For"] = forwardedFor;
        if (scheme is not null)
        {
            http.Request.Headers["X-Forwarded-Proto"] = scheme;
        }

        return http;
    }

    private static ArrivalMiddleware CreateSut(params string[] proxies) => CreateSut(new ArrivalOptions { KnownProxies = proxies });

    private static ArrivalMiddleware CreateSut(ArrivalOptions options) => new(
        static _ => Task.CompletedTask, new DrainState(), Some.Part<ArrivalTelemetry>(), Some.Part<RequestTelemetry>(), Options.Create(options), NullLoggerFactory.Instance);

    private sealed class Connection : IConnectionEndPointFeature
    {
        public EndPoint? LocalEndPoint { get; set; }

        public EndPoint? RemoteEndPoint { get; set; }
    }
}
