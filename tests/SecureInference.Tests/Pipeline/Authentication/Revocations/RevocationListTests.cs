using System.Text;
using SecureInference.Pipeline.Authentication.Revocations;

namespace SecureInference.Tests.Pipeline.Authentication.Revocations;

public sealed class RevocationListTests
{
    private const string Issuer = "https://issuer.test";
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Hash = [.. Enumerable.Range(0, 32).Select(static value => (byte)(value * 8))];

    [Fact]
    public void Empty_RevokesNothing()
    {
        Assert.False(RevocationList.Empty.IsTokenRevoked(Issuer, "alice", "t1", null));
        Assert.False(RevocationList.Empty.IsCertificateRevoked(Hash, "spiffe://x"));
    }

    [Fact]
    public void TokenId_OfAnyIssuer_IsRevoked()
    {
        var list = Parse("""{"jti":"t1"}""");

        Assert.True(list.IsTokenRevoked(Issuer, "alice", "t1", Noon));
        Assert.True(list.IsTokenRevoked("https://other.test", "bob", "t1", Noon));
        Assert.False(list.IsTokenRevoked(Issuer, "alice", "T1", Noon));
        Assert.False(list.IsTokenRevoked(Issuer, "t1", null, Noon));
    }

    [Fact]
    public void TokenId_OfOneIssuer_IsRevokedThereAlone()
    {
        var list = Parse("""{"jti":"t1","iss":"https://issuer.test/"}""");

        Assert.True(list.IsTokenRevoked(Issuer, "alice", "t1", Noon));
        Assert.False(list.IsTokenRevoked("https://other.test", "alice", "t1", Noon));
        Assert.False(list.IsTokenRevoked(Issuer, "alice", "t2", Noon));
    }

    [Fact]
    public void Subject_OfItsIssuer_IsRevokedForGood()
    {
        var list = Parse("""{"iss":"https://issuer.test","sub":"alice"}""");

        Assert.True(list.IsTokenRevoked(Issuer, "alice", null, DateTimeOffset.MaxValue.AddDays(-1)));
        Assert.True(list.IsTokenRevoked(Issuer, "alice", null, null));
        Assert.False(list.IsTokenRevoked(Issuer, "bob", null, Noon));
        Assert.False(list.IsTokenRevoked("https://other.test", "alice", null, Noon));
    }

    [Fact]
    public void IssuedBefore_TokensFromThenOn_AreAccepted()
    {
        var list = Parse("""{"iss":"https://issuer.test","sub":"alice","issuedBefore":"2026-11-23T13:00:00+01:00"}""");

        Assert.True(list.IsTokenRevoked(Issuer, "alice", null, Noon.AddSeconds(-1)));
        Assert.True(list.IsTokenRevoked(Issuer, "alice", null, null));
        Assert.False(list.IsTokenRevoked(Issuer, "alice", null, Noon));
    }

    [Fact]
    public void IssuedBefore_SeveralRows_TheLatestCounts()
    {
        var list = Parse("""{"iss":"https://issuer.test","issuedBefore":"2026-11-23T12:00:00Z"},{"iss":"https://issuer.test","issuedBefore":"2026-11-23T11:00:00Z"}""");

        Assert.True(list.IsTokenRevoked(Issuer, "alice", null, Noon.AddMinutes(-30)));
        Assert.False(list.IsTokenRevoked(Issuer, "alice", null, Noon));
        Assert.True(Parse("""{"iss":"https://issuer.test"},{"iss":"https://issuer.test","issuedBefore":"2026-11-23T11:00:00Z"}""").IsTokenRevoked(Issuer, "alice", null, Noon));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    public void Certificate_ByItsHash_IsRevoked(string separator)
    {
        var digits = string.Join(separator, Hash.Select(static value => $"{value:x2}"));
        var list = Parse($$"""{"certificate":"{{digits}}"}""");

        Assert.True(list.IsCertificateRevoked(Hash, null));
        Assert.True(list.IsCertificateRevoked(Hash, "spiffe://x"));
        Assert.False(list.IsCertificateRevoked(Hash.AsSpan(1), null));
        Assert.False(list.IsCertificateRevoked([.. Hash[1..], 0], null));
    }

    [Fact]
    public void Certificate_ByItsSubject_IsRevoked()
    {
        var list = Parse("""{"subject":"spiffe://prod/ns/shop/sa/cart"}""");

        Assert.True(list.IsCertificateRevoked(Hash, "spiffe://prod/ns/shop/sa/cart"));
        Assert.False(list.IsCertificateRevoked(Hash, "spiffe://prod/ns/shop/sa/carts"));
        Assert.False(list.IsCertificateRevoked(Hash, null));
        Assert.False(list.IsTokenRevoked(Issuer, "spiffe://prod/ns/shop/sa/cart", null, Noon));
    }

    [Theory]
    [InlineData("{}", "row 1 revokes nothing, or two things")]
    [InlineData("""{"jti":"a"},{"sub":"alice"}""", "row 2 revokes nothing")]
    [InlineData("""{"issuedBefore":"2026-11-23T12:00:00Z"}""", "revokes nothing, or two things")]
    [InlineData("""{"jti":"a","sub":"b","iss":"c"}""", "revokes nothing, or two things")]
    [InlineData("""{"jti":"a","iss":"c","issuedBefore":"2026-11-23T12:00:00Z"}""", "revokes nothing, or two things")]
    [InlineData("""{"jti":"a","subject":"spiffe://x"}""", "revokes nothing, or two things")]
    [InlineData("""{"iss":"a","subject":"spiffe://x"}""", "revokes nothing, or two things")]
    [InlineData("""{"jti":""}""", "has an empty text")]
    [InlineData("""{"iss":"","jti":"x"}""", "has an empty text")]
    [InlineData("""{"certificate":"00"}""", "no SHA-256")]
    [InlineData("""{"certificate":"zz00000000000000000000000000000000000000000000000000000000000000"}""", "no SHA-256")]
    [InlineData("""{"certificate":"0000000000000000000000000000000000000000000000000000000000000000","subject":"spiffe://x"}""", "revokes nothing, or two things")]
    [InlineData("null", "row 1 is null")]
    [InlineData("""{"jti":"a","Iss":"x"}""", "is not valid (line")]
    [InlineData("""{"jti":"a","jti":"b"}""", "is not valid (line")]
    [InlineData("""{"jti":7}""", "is not valid (line")]
    [InlineData("""{"iss":"x","issuedBefore":"yesterday"}""", "is not valid (line")]
    [InlineData("""{"jti":"a"}],"more":[""", "is not valid (line")]
    public void Create_RowThatIsNoRow_IsRefused(string rows, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => Parse(rows)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"version":2,"revoked":[]}""", "has version 2; this version reads 1")]
    [InlineData("""{"version":1}""", "is not valid")]
    [InlineData("""{"revoked":[]}""", "is not valid")]
    [InlineData("""{"version":1,"revoked":null}""", "is not valid")]
    [InlineData("null", "has version ;")]
    [InlineData("", "is not valid")]
    [InlineData("""{"version":1,"revoked":[]""", "is not valid")]
    public void Parse_FileThatIsNoList_IsRefused(string json, string expected) => Assert.Contains(
        expected, Assert.Throws<InvalidDataException>(() => RevocationFile.Parse(Encoding.UTF8.GetBytes(json), "list.json")).Message, StringComparison.Ordinal);

    private static RevocationList Parse(string rows) =>
        RevocationList.Create(RevocationFile.Parse(Encoding.UTF8.GetBytes($$"""{"version":1,"revoked":[{{rows}}]}"""), "list.json").Revoked);
}
