using SecureInference.Pipeline.Authentication.Jwt;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication.Jwt;

public sealed class TokenReaderTests
{
    [Fact]
    public async Task Read_GoodToken_IsItsCaller()
    {
        await using var harness = await TokenHarness.StartAsync();

        var found = await harness.ReadAsync(harness.Issuer.Token());

        Assert.Null(found.Error);
        Assert.Equal("https://issuer.test|alice", found.Caller?.Subject);
        Assert.Equal("Jwt", found.Caller?.Method);
        Assert.Equal("t1", found.Caller?.CredentialId);
        Assert.Null(found.Caller?.Tier);
        Assert.False(found.IsBound);
        Assert.NotNull(found.Check);
    }

    [Fact]
    public async Task Read_TokenOfAnotherIssuer_HasItsTierAndItsOwnSubject()
    {
        await using var harness = await TokenHarness.StartAsync();

        var found = await harness.ReadAsync(harness.Other.Token(("aud", "partners"), ("jti", null)));

        Assert.Equal("https://other.test|alice", found.Caller?.Subject);
        Assert.Equal("partner", found.Caller?.Tier);
        Assert.Null(found.Caller?.CredentialId);
    }

    [Fact]
    public async Task Read_TwoTokensOfOneSubject_ShareOneState()
    {
        await using var harness = await TokenHarness.StartAsync();

        var first = await harness.ReadAsync(harness.Issuer.Token(("jti", "1")));
        var second = await harness.ReadAsync(harness.Issuer.Token(("jti", "2")));

        Assert.NotSame(first.Caller, second.Caller);
        Assert.NotNull(first.Caller?.State);
        Assert.Same(first.Caller?.State, second.Caller?.State);
    }

    [Theory]
    [InlineData("scope", "model:digits:infer", "model:digits:infer")]
    [InlineData("scope", "openid profile  model:digits:infer model:*:read ", "model:digits:infer model:*:read")]
    [InlineData("scope", "", "")]
    [InlineData("scope", "openid", "")]
    [InlineData("scope", "model:digits:own MODEL:digits:infer admins", "")]
    [InlineData("scope", "admin", "admin")]
    [InlineData("scp", "model:digits:infer openid", "model:digits:infer")]
    public async Task Read_ScopesInOneText_ThoseOfOursCount(string claim, string value, string expected)
    {
        await using var harness = await TokenHarness.StartAsync();

        var found = await harness.ReadAsync(harness.Issuer.Token(("scope", null), (claim, value)));

        Assert.Null(found.Error);
        Assert.Equal(expected, string.Join(' ', found.Caller?.Scopes.Scopes ?? ["none"]));
    }

    [Theory]
    [InlineData("scp")]
    [InlineData("scope")]
    public async Task Read_ScopesInAList_ThoseOfOursCount(string claim)
    {
        await using var harness = await TokenHarness.StartAsync();

        var found = await harness.ReadAsync(harness.Issuer.Token(("scope", null), (claim, new[] { "openid", "model:digits:infer", "admin" })));

        Assert.Equal(["model:digits:infer", "admin"], found.Caller?.Scopes.Scopes);
    }

    [Fact]
    public async Task Read_NoScopeAtAll_IsACallerWhoMayDoNothing()
    {
        await using var harness = await TokenHarness.StartAsync();

        var found = await harness.ReadAsync(harness.Issuer.Token(("scope", null)));

        Assert.Null(found.Error);
        Assert.False(found.Caller?.Scopes.Sees("digits"));
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    public async Task Read_AlgorithmsOfRsa_AreAccepted(string algorithm)
    {
        await using var harness = await TokenHarness.StartAsync();

        Assert.Null(await harness.ReasonAsync(harness.Issuer.Sign(harness.Issuer.Header(("alg", algorithm)), harness.Issuer.Payload(), algorithm)));
    }

    [Fact]
    public async Task Read_EllipticCurve_IsAccepted()
    {
        await using var harness = await TokenHarness.StartAsync(arrange: static issuer => issuer.Published = [issuer.Key = SigningKey.OfEcdsa("curve")]);

        Assert.Null(await harness.ReasonAsync(harness.Issuer.Token()));
    }

    [Fact]
    public async Task Read_AlgorithmThatTheIssuerIsNotConfiguredFor_IsRefused()
    {
        await using var harness = await TokenHarness.StartAsync(static options => options.Issuers[0].Algorithms.Add("ES256"));

        Assert.Equal(TokenReason.WrongAlgorithm, await harness.ReasonAsync(harness.Issuer.Token()));
    }

    [Theory]
    [InlineData("https://issuer.test/")]
    [InlineData("https://issuer.test")]
    public async Task Read_IssuerWithASlashOrWithout_IsOneCaller(string issuer)
    {
        await using var harness = await TokenHarness.StartAsync();

        var found = await harness.ReadAsync(harness.Issuer.Token(("iss", issuer)));

        Assert.Equal("https://issuer.test|alice", found.Caller?.Subject);
    }

    [Fact]
    public async Task Read_IssuerOfAnotherName_IsAcceptedByThatNameAlone()
    {
        await using var harness = await TokenHarness.StartAsync(static options => options.Issuers[0].Issuer = "https://names.test/tenant");

        Assert.Null(await harness.ReasonAsync(harness.Issuer.Token(("iss", "https://names.test/tenant"))));
        Assert.Equal(TokenReason.UnknownIssuer, await harness.ReasonAsync(harness.Issuer.Token()));
        Assert.Equal(TokenReason.UnknownIssuer, await harness.ReasonAsync(harness.Issuer.Token(("iss", "https://names.test/tenant/"))));
    }

    [Fact]
    public async Task Read_AnyOfSeveralAudiences_IsAccepted()
    {
        await using var harness = await TokenHarness.StartAsync(static options => options.Issuers[0].Audiences.Add("second"));

        Assert.Null(await harness.ReasonAsync(harness.Issuer.Token(("aud", "second"))));
        Assert.Null(await harness.ReasonAsync(harness.Issuer.Token(("aud", new[] { "x", "inference" }))));
        Assert.Equal(TokenReason.WrongAudience, await harness.ReasonAsync(harness.Issuer.Token(("aud", "third"))));
    }

    [Fact]
    public async Task Read_KeysWithoutIds_AreAllTried()
    {
        await using var harness = await TokenHarness.StartAsync(arrange: static issuer =>
        {
            issuer.PublishesKeyIds = false;
            issuer.Published = [SigningKey.OfRsa("other"), issuer.Key];
        });

        Assert.Null(await harness.ReasonAsync(harness.Issuer.Token()));
        Assert.Null(await harness.ReasonAsync(harness.Issuer.Sign(harness.Issuer.Header(("kid", null)), harness.Issuer.Payload())));
    }

    [Fact]
    public async Task Read_TokenWithoutAKeyId_IsVerifiedByAnyKeyOfItsIssuer()
    {
        await using var harness = await TokenHarness.StartAsync(arrange: static issuer => issuer.Published = [SigningKey.OfRsa("other"), issuer.Key]);

        Assert.Null(await harness.ReasonAsync(harness.Issuer.Sign(harness.Issuer.Header(("kid", null)), harness.Issuer.Payload())));
    }

    [Fact]
    public async Task Read_NoIssuerIsConfigured_RefusesAndFetchesNothing()
    {
        await using var harness = await TokenHarness.StartAsync(static options => options.Issuers.Clear());

        Assert.Equal(TokenReason.UnknownIssuer, await harness.ReasonAsync(harness.Issuer.Token()));
        Assert.Equal(0, harness.Issuer.Fetches);
        Assert.Null(harness.Issuers.Find());
        Assert.Null(harness.Issuers.FindDegradation());
    }
}
