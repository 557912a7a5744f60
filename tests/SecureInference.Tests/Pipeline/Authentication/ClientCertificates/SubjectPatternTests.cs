using SecureInference.Pipeline.Authentication.ClientCertificates;

namespace SecureInference.Tests.Pipeline.Authentication.ClientCertificates;

public sealed class SubjectPatternTests
{
    [Theory]
    [InlineData("spiffe://prod/ns/shop/sa/checkout", "spiffe://prod/ns/shop/sa/checkout", true)]
    [InlineData("spiffe://prod/ns/shop/sa/*", "spiffe://prod/ns/shop/sa/checkout", true)]
    [InlineData("spiffe://prod/*/shop/*/checkout", "spiffe://prod/ns/shop/sa/checkout", true)]
    [InlineData("spiffe://prod/ns/shop/sa/*", "spiffe://prod/ns/shop/sa/checkout/x", false)]
    [InlineData("spiffe://prod/ns/shop/sa/*", "spiffe://prod/ns/shop/sa", false)]
    [InlineData("spiffe://prod/ns/shop/*", "spiffe://prod/ns/shop/sa/checkout", false)]
    [InlineData("spiffe://prod/ns/shop/sa/*", "spiffe://prod.evil/ns/shop/sa/checkout", false)]
    [InlineData("spiffe://prod/ns/shop/sa/*", "spiffe://PROD/ns/shop/sa/checkout", false)]
    [InlineData("spiffe://prod/ns/shop/sa/checkout", "spiffe://prod/ns/shop/sa/Checkout", false)]
    [InlineData("spiffe://prod/ns/shop/sa/check.ut", "spiffe://prod/ns/shop/sa/checkout", false)]
    public void MatchesSpiffeId_ComparesSegmentBySegment(string pattern, string id, bool expected)
    {
        Assert.True(SubjectPattern.TryParse(pattern, out var parsed));

        Assert.Equal(expected, parsed.MatchesSpiffeId(id));
        Assert.False(parsed.MatchesDnsName(id));
    }

    [Theory]
    [InlineData("shop.internal.example", "shop.internal.example", true)]
    [InlineData("*.internal.example", "shop.internal.example", true)]
    [InlineData("*.internal.example", "SHOP.Internal.EXAMPLE", true)]
    [InlineData("api.*.example", "api.shop.example", true)]
    [InlineData("*.internal.example", "internal.example", false)]
    [InlineData("*.internal.example", "a.b.internal.example", false)]
    [InlineData("*.internal.example", "shop.internal.example.evil", false)]
    [InlineData("shop.internal.example", "shopXinternal.example", false)]
    public void MatchesDnsName_ComparesLabelByLabel(string pattern, string name, bool expected)
    {
        Assert.True(SubjectPattern.TryParse(pattern, out var parsed));

        Assert.Equal(expected, parsed.MatchesDnsName(name));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("*.*")]
    [InlineData("shop.*")]
    [InlineData("sh*p.example")]
    [InlineData("shop..example")]
    [InlineData(".example")]
    [InlineData("shop.example.")]
    [InlineData("shop example")]
    [InlineData("https://shop.example")]
    [InlineData("SPIFFE://prod/x")]
    [InlineData("spiffe://prod")]
    [InlineData("spiffe://prod/")]
    [InlineData("spiffe://*/ns")]
    [InlineData("spiffe:///ns")]
    [InlineData("spiffe://Prod/ns")]
    [InlineData("spiffe://prod/ns/ch*")]
    [InlineData("spiffe://prod/**")]
    [InlineData("spiffe://prod//ns")]
    [InlineData("spiffe://prod/../ns")]
    [InlineData("spiffe://prod/ns?x")]
    [InlineData("CN=shop")]
    public void TryParse_NoPattern_IsRefused(string? text) => Assert.False(SubjectPattern.TryParse(text, out _));
}
