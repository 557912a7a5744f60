using Microsoft.AspNetCore.Http;
using SecureInference.Pipeline.Authentication;
using SecureInference.Pipeline.Authentication.Jwt;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication.Jwt;

/// <summary>A token that was verified is remembered; what may have changed since is looked at with every request.</summary>
public sealed class TokenHitTests
{
    [Fact]
    public async Task Read_SameTokenAgain_IsTheSameCallerWithoutVerifying()
    {
        await using var harness = await TokenHarness.StartAsync();
        var token = harness.Issuer.Token();
        var first = await harness.ReadAsync(token);

        var second = await harness.ReadAsync(token);

        Assert.Same(first.Caller, second.Caller);
        Assert.Same(first.Check, second.Check);
    }

    [Fact]
    public async Task Read_Hit_AllocatesNothing()
    {
        await using var harness = await TokenHarness.StartAsync(revocations: """{"version":1,"revoked":[{"iss":"https://issuer.test","sub":"mallory"},{"jti":"t9"},{"iss":"https://x.test","jti":"t1"}]}""");
        var token = harness.Issuer.Token();
        var http = new DefaultHttpContext();
        var tokens = harness.Tokens;
        await tokens.ReadAsync(http, token.AsMemory());
        Assert.Equal(100, ReadMany(tokens, http, token, 100));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var accepted = ReadMany(tokens, http, token, 1_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(1_000, accepted);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public async Task Read_HitOfAnExpiredToken_IsRefused()
    {
        await using var harness = await TokenHarness.StartAsync();
        var token = harness.Issuer.Token(("exp", harness.Issuer.Now.ToUnixTimeSeconds() + 20));
        Assert.Null(await harness.ReasonAsync(token));

        harness.Time.Advance(TimeSpan.FromSeconds(49.9));
        Assert.Null(await harness.ReasonAsync(token));
        harness.Time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(TokenReason.Expired, await harness.ReasonAsync(token));
    }

    [Fact]
    public async Task Read_NewToken_IsGivenTheSkewOfTheClocks()
    {
        await using var harness = await TokenHarness.StartAsync();
        var now = harness.Issuer.Now.ToUnixTimeSeconds();

        Assert.Null(await harness.ReasonAsync(harness.Issuer.Token(("exp", now - 29))));
        Assert.Equal(TokenReason.Expired, await harness.ReasonAsync(harness.Issuer.Token(("exp", now - 30))));
        Assert.Null(await harness.ReasonAsync(harness.Issuer.Token(("nbf", now + 30))));
        Assert.Equal(TokenReason.NotYetValid, await harness.ReasonAsync(harness.Issuer.Token(("nbf", now + 31))));
    }

    [Fact]
    public async Task Read_HitAfterTheClockWasSetBack_LooksAtNotBefore()
    {
        await using var harness = await TokenHarness.StartAsync();
        harness.Time.Advance(TimeSpan.FromHours(1));
        var token = harness.Issuer.Token(("nbf", harness.Issuer.Now.ToUnixTimeSeconds()));
        Assert.Null(await harness.ReasonAsync(token));

        harness.Time.AdjustTime(harness.Time.GetUtcNow().AddMinutes(-10));

        Assert.Equal(TokenReason.NotYetValid, await harness.ReasonAsync(token));
    }

    [Fact]
    public async Task Read_AfterTheCachesLifetime_VerifiesAgain()
    {
        await using var harness = await TokenHarness.StartAsync(static options => options.TokenCacheLifetime = TimeSpan.FromSeconds(10));
        var token = harness.Issuer.Token();
        var first = await harness.ReadAsync(token);

        harness.Time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Same(first.Check, (await harness.ReadAsync(token)).Check);
        harness.Time.Advance(TimeSpan.FromSeconds(0.1));

        var second = await harness.ReadAsync(token);
        Assert.Null(second.Error);
        Assert.NotSame(first.Check, second.Check);
    }

    [Fact]
    public async Task Read_NoCache_VerifiesEachTime()
    {
        await using var harness = await TokenHarness.StartAsync(static options => options.TokenCacheSize = 0);
        var token = harness.Issuer.Token();

        Assert.NotSame((await harness.ReadAsync(token)).Check, (await harness.ReadAsync(token)).Check);
    }

    [Fact]
    public async Task Read_KeyIsRetired_ItsTokensAreForgottenAtOnce()
    {
        await using var harness = await TokenHarness.StartAsync();
        var old = harness.Issuer.Token();
        Assert.Null(await harness.ReasonAsync(old));

        harness.Issuer.Published = [harness.Issuer.Key = SigningKey.OfRsa("second")];
        Assert.Null(await harness.ReasonAsync(old));
        harness.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(await harness.ReasonAsync(harness.Issuer.Token()));

        Assert.Equal(TokenReason.UnknownKey, await harness.ReasonAsync(old));
    }

    [Fact]
    public async Task Recheck_TokenExpiresOrIsRevokedMeanwhile_Says()
    {
        await using var harness = await TokenHarness.StartAsync(revocations: """{"version":1,"revoked":[]}""");
        var found = await harness.ReadAsync(harness.Issuer.Token());
        var (check, caller) = (found.Check, found.Caller);
        Assert.NotNull(check);
        Assert.NotNull(caller);
        Assert.Null(check.Recheck(caller));

        await File.WriteAllTextAsync(harness.RevocationPath, """{"version":1,"revoked":[{"jti":"t1"}]}""", TestContext.Current.CancellationToken);
        await PollUntilAsync(harness, () => check.Recheck(caller)?.Reason == TokenReason.Revoked);
        await File.WriteAllTextAsync(harness.RevocationPath, """{"version":1,"revoked":[ ]}""", TestContext.Current.CancellationToken);
        await PollUntilAsync(harness, () => check.Recheck(caller) is null);
        harness.Time.Advance(TimeSpan.FromSeconds(330));

        Assert.Equal(TokenReason.Expired, check.Recheck(caller)?.Reason);
        Assert.Equal(401, check.Recheck(caller)?.Status);
    }

    [Theory]
    [InlineData("""{"jti":"t1"}""")]
    [InlineData("""{"jti":"t1","iss":"https://issuer.test/"}""")]
    [InlineData("""{"iss":"https://issuer.test","sub":"alice"}""")]
    [InlineData("""{"iss":"https://issuer.test","sub":"alice","issuedBefore":"2026-11-23T12:00:01Z"}""")]
    [InlineData("""{"iss":"https://issuer.test/"}""")]
    [InlineData("""{"iss":"https://issuer.test","issuedBefore":"2026-11-23T12:00:01Z"}""")]
    public async Task Read_RevokedToken_IsRefused(string row)
    {
        await using var harness = await TokenHarness.StartAsync(revocations: $$"""{"version":1,"revoked":[{{row}}]}""");

        Assert.Equal(TokenReason.Revoked, await harness.ReasonAsync(harness.Issuer.Token()));
        Assert.Equal(TokenReason.Revoked, await harness.ReasonAsync(harness.Issuer.Token(("iss", "https://issuer.test/"))));
    }

    [Fact]
    public async Task Read_RevocationsAreTooOld_Is503ForHitsToo()
    {
        await using var harness = await TokenHarness.StartAsync(
            static options => options.TokenCacheLifetime = TimeSpan.FromMinutes(5), revocations: """{"version":1,"revoked":[]}""");
        var token = harness.Issuer.Token(("exp", harness.Issuer.Now.ToUnixTimeSeconds() + 100_000));
        Assert.Null(await harness.ReasonAsync(token));

        File.Delete(harness.RevocationPath);
        await PollUntilAsync(harness, () => harness.Get<SecureInference.Pipeline.Authentication.Revocations.RevocationStore>().FindDegradation() is not null);
        harness.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Null(await harness.ReasonAsync(token));
        harness.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("credentials_unavailable", await harness.ReasonAsync(token));
    }

    private static int ReadMany(IBearerTokens tokens, HttpContext http, string token, int count)
    {
        var accepted = 0;
        for (var index = 0; index < count; index++)
        {
            var reading = tokens.ReadAsync(http, token.AsMemory());
            accepted += reading.IsCompletedSuccessfully && reading.GetAwaiter().GetResult().Caller is not null ? 1 : 0;
        }

        return accepted;
    }

    /// <summary>Looks at the file again and again, as time does, without letting much of it pass.</summary>
    private static async Task PollUntilAsync(TokenHarness harness, Func<bool> condition)
    {
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            harness.Get<SecureInference.Pipeline.Authentication.Revocations.RevocationStore>().Poll();
            await Task.Yield();
        }
    }
}
