using System.Net;

namespace SecureInference.Tests.Abstractions;

public sealed class NetworkNotationTests
{
    [Theory]
    [InlineData("10.0.0.0/8")]
    [InlineData("10.1.2.3/32")]
    [InlineData("0.0.0.0/0")]
    [InlineData("2001:db8::/32")]
    [InlineData("2001:DB8:0::/32")]
    [InlineData("::/0")]
    public void TryParse_FirstAddressAndPrefix_IsANetwork(string text)
    {
        Assert.True(NetworkNotation.TryParse(text, out var network));
        Assert.Equal(IPNetwork.Parse(text), network);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/8")]
    [InlineData("10.0.0.1")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.1/8")]
    [InlineData("10.0.0.0/08")]
    [InlineData("010.0.0.0/8")]
    [InlineData("10/8")]
    [InlineData("2001:db8::1/32")]
    [InlineData("::ffff:10.0.0.0/104")]
    [InlineData("example.com/8")]
    public void TryParse_AnythingElse_SaysNo(string? text) => Assert.False(NetworkNotation.TryParse(text, out _));
}
