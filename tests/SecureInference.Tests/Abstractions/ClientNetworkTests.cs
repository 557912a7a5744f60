using System.Net;

namespace SecureInference.Tests.Abstractions;

public sealed class ClientNetworkTests
{
    [Theory]
    [InlineData(null, "loopback")]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("127.9.8.7", "loopback")]
    [InlineData("::1", "loopback")]
    [InlineData("::ffff:127.0.0.1", "loopback")]
    [InlineData("203.0.113.77", "203.0.113.0/24")]
    [InlineData("::ffff:203.0.113.77", "203.0.113.0/24")]
    [InlineData("255.255.255.255", "255.255.255.0/24")]
    [InlineData("0.0.0.1", "0.0.0.0/24")]
    [InlineData("2001:db8:1:2ff:3:4:5:6", "2001:db8:1:200::/56")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ff00::/56")]
    public void Of_Address_KeepsItsNetworkOnly(string? address, string expected) =>
        Assert.Equal(expected, ClientNetwork.Of(Some.Request(address)).ToString());

    [Fact]
    public void Of_NetworksWithTheSameBits_AreToldApart()
    {
        var networks = new[] { null, "0.0.0.1", "::2", "1.2.3.4", "0:0:102:300::1" }.Select(address => ClientNetwork.Of(Some.Request(address)));

        Assert.Equal(5, networks.Distinct().Count());
    }

    [Fact]
    public void AddressOf_MappedAddress_IsTheIPv4OneInside() =>
        Assert.Equal(IPAddress.Parse("10.1.2.3"), ClientNetwork.AddressOf(Some.Request("::ffff:10.1.2.3")));
}
