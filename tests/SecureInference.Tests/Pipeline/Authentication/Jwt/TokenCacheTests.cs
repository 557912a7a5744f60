using SecureInference.Pipeline.Authentication.Jwt;

namespace SecureInference.Tests.Pipeline.Authentication.Jwt;

public sealed class TokenCacheTests
{
    [Fact]
    public async Task Find_TokenThatWasAdded_IsFoundByItsWholeHash()
    {
        await using var harness = await TokenHarness.StartAsync();
        var cache = new TokenCache(64);
        var token = await ValidatedAsync(harness, new TokenHash(1, 2, 3, 4));

        cache.Add(token);

        Assert.Same(token, cache.Find(new TokenHash(1, 2, 3, 4)));
        Assert.Null(cache.Find(new TokenHash(1, 2, 3, 5)));
        Assert.Null(cache.Find(new TokenHash(1, 2, 4, 4)));
        Assert.Null(cache.Find(new TokenHash(2, 2, 3, 4)));
    }

    [Fact]
    public async Task Add_MoreTokensThanThereIsRoom_TheOldestOfTheSetGoes()
    {
        await using var harness = await TokenHarness.StartAsync();
        var cache = new TokenCache(4);

        for (var index = 0UL; index < 5; index++)
        {
            cache.Add(await ValidatedAsync(harness, new TokenHash(index, 0, 0, 0), verified: 100 - (long)index));
        }

        // The last of the first four was verified longest ago.
        Assert.Null(cache.Find(new TokenHash(3, 0, 0, 0)));
        Assert.All<ulong>([0, 1, 2, 4], index => Assert.NotNull(cache.Find(new TokenHash(index, 0, 0, 0))));
    }

    [Fact]
    public async Task Add_SameTokenAgain_TakesItsOwnPlace()
    {
        await using var harness = await TokenHarness.StartAsync();
        var cache = new TokenCache(4);
        var again = await ValidatedAsync(harness, new TokenHash(0, 0, 0, 0), verified: 50);

        for (var index = 0UL; index < 4; index++)
        {
            cache.Add(await ValidatedAsync(harness, new TokenHash(index, 0, 0, 0)));
        }

        cache.Add(again);

        Assert.Same(again, cache.Find(again.Hash));
        Assert.All<ulong>([1, 2, 3], index => Assert.NotNull(cache.Find(new TokenHash(index, 0, 0, 0))));
    }

    [Fact]
    public async Task Add_SizeIsZero_RemembersNothing()
    {
        await using var harness = await TokenHarness.StartAsync();
        var cache = new TokenCache(0);

        cache.Add(await ValidatedAsync(harness, default));

        Assert.Null(cache.Find(default));
    }

    [Fact]
    public async Task Find_WhileOthersAdd_NeverGivesAnotherToken()
    {
        await using var harness = await TokenHarness.StartAsync();
        var cache = new TokenCache(16);
        var tokens = new List<ValidatedToken>();
        for (var index = 0UL; index < 64; index++)
        {
            tokens.Add(await ValidatedAsync(harness, new TokenHash(index * 7919, index, index, index), verified: (long)index));
        }

        var found = 0;
        Parallel.For(0, 200_000, index =>
        {
            var token = tokens[index % tokens.Count];
            if (index % 3 == 0)
            {
                cache.Add(token);
            }
            else if (cache.Find(token.Hash) is { } other)
            {
                Interlocked.Increment(ref found);
                Assert.Same(token, other);
            }
        });

        Assert.True(found > 0, "Nothing was ever found.");
    }

    private static async Task<ValidatedToken> ValidatedAsync(TokenHarness harness, TokenHash hash, long verified = 0)
    {
        Assert.True(ParsedToken.TryParse(harness.Issuer.Token(), out var parsed, out _));
        var issuer = harness.Issuers.Find(harness.Issuer.Name);
        var found = await harness.ReadAsync(harness.Issuer.Token());
        Assert.NotNull(found.Caller);
        Assert.NotNull(issuer?.CurrentKeys);
        return new ValidatedToken(hash, found.Caller, parsed.Claims, issuer, issuer.CurrentKeys, harness.Get<TokenStanding>(), verified);
    }
}
