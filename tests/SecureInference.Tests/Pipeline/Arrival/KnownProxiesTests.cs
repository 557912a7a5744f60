using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using SecureInference.Pipeline.Arrival;

namespace SecureInference.Tests.Pipeline.Arrival;

public sealed class KnownProxiesTests
{
    [Theory]
    [InlineData("10.0.0.7", "10.0.0.7", true)]
    [InlineData("10.0.0.7", "::ffff:10.0.0.7", true)]
    [InlineData("10.0.0.7", "10.0.0.8", false)]
    [InlineData("::ffff:10.0.0.7", "10.0.0.7", true)]
    [InlineData("10.0.0.0/28", "10.0.0.15", true)]
    [InlineData("10.0.0.0/28", "::ffff:10.0.0.15", true)]
    [InlineData("10.0.0.0/28", "10.0.0.16", false)]
    [InlineData("2001:db8::7", "2001:db8::7", true)]
    [InlineData("2001:db8::7", "2001:db8::8", false)]
    [InlineData("2001:DB8::/32", "2001:db8:1::8", true)]
    [InlineData("10.0.0.7", "127.0.0.1", false)]
    [InlineData("10.0.0.7", "::1", false)]
    public void Contains_Sender_IsListedOrNot(string entry, string sender, bool expected) =>
        Assert.Equal(expected, new KnownProxies(["192.0.2.1", entry]).Contains(IPAddress.Parse(sender)));

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("proxy.example")]
    [InlineData("10.0.0")]
    [InlineData("10")]
    [InlineData("010.0.0.7")]
    [InlineData("0x0a.0.0.7")]
    [InlineData("10.0.0.7:443")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.7/")]
    [InlineData("*")]
    [InlineData("10.0.0.1-10.0.0.9")]
    public void TryParse_NeitherAddressNorNetwork_SaysNo(string? entry) => Assert.False(KnownProxies.TryParse(entry, out _));

    [Fact]
    public void Configure_Platform_BelievesTheListAndNobodyElse()
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All, ForwardLimit = 1 };

        new KnownProxies(["10.0.0.7", "2001:db8::/32"]).Configure(options);

        Assert.Equal(ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, options.ForwardedHeaders);
        Assert.Null(options.ForwardLimit);
        Assert.Empty(options.KnownProxies);
        Assert.Equal(["10.0.0.7/32", "2001:db8::/32"], options.KnownIPNetworks.Select(static network => network.ToString()));
    }
}
