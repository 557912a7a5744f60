using SecureInference.Pipeline.Authentication.ClientCertificates;

namespace SecureInference.Tests.Pipeline.Authentication.ClientCertificates;

public sealed class SpiffeIdTests
{
    [Theory]
    [InlineData("spiffe://prod/x")]
    [InlineData("spiffe://prod.example-1_a/ns/A.b-c_9")]
    [InlineData("spiffe://prod/...")]
    public void IsValid_Id_IsOne(string id) => Assert.True(SpiffeId.IsValid(id));

    [Theory]
    [InlineData("")]
    [InlineData("spiffe://")]
    [InlineData("spiffe://prod")]
    [InlineData("spiffe://prod/")]
    [InlineData("spiffe:///x")]
    [InlineData("spiffe://prod/x/")]
    [InlineData("spiffe://prod//x")]
    [InlineData("spiffe://prod/./x")]
    [InlineData("spiffe://prod/../x")]
    [InlineData("spiffe://prod/%41")]
    [InlineData("spiffe://prod/x?y")]
    [InlineData("spiffe://prod/x#y")]
    [InlineData("spiffe://prod:80/x")]
    [InlineData("spiffe://user@prod/x")]
    [InlineData("spiffe://Prod/x")]
    [InlineData("Spiffe://prod/x")]
    [InlineData("spiffe://prod/*")]
    [InlineData("spiffe://prod/x y")]
    [InlineData("spiffe://prod/\u00e9")]
    public void IsValid_SomethingElse_IsNone(string id) => Assert.False(SpiffeId.IsValid(id));

    [Fact]
    public void IsValid_TooLong_IsNone()
    {
        Assert.True(SpiffeId.IsValid("spiffe://prod/" + new string('x', 2034)));
        Assert.False(SpiffeId.IsValid("spiffe://prod/" + new string('x', 2035)));
        Assert.False(SpiffeId.IsValid("spiffe://" + new string('x', 256) + "/x"));
    }
}
