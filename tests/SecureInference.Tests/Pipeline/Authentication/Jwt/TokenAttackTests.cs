using SecureInference.Pipeline.Authentication.Jwt;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication.Jwt;

/// <summary>What no issuer of ours has signed, or signed for somebody else; over sockets the same list is refused by a whole app.</summary>
public sealed class TokenAttackTests
{
    public static TheoryData<string, string> Attacks
    {
        get
        {
            var attacks = new TheoryData<string, string>();
            foreach (var (name, reason, _) in TokenAttacks.All)
            {
                attacks.Add(name, reason);
            }

            return attacks;
        }
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Read_Attack_IsRefusedForItsReason(string name, string reason)
    {
        await using var harness = await TokenHarness.StartAsync(arrange: static issuer => issuer.Published = [issuer.Key, SigningKey.OfEcdsa("curve")]);
        var attack = TokenAttacks.All.Single(attack => attack.Name == name);

        var found = await harness.ReadAsync(attack.Make(harness.Issuer, harness.Other));

        Assert.Equal(reason, found.Error?.Reason);
        Assert.Equal(401, found.Error?.Status);
        Assert.Null(found.Caller);
    }

    [Fact]
    public async Task Read_EveryByteOfATokenChanged_IsRefused()
    {
        await using var harness = await TokenHarness.StartAsync();
        var token = harness.Issuer.Token();
        Assert.Null(await harness.ReasonAsync(token));

        // The last character of a part has bits that mean nothing: the same signature may be written in four ways.
        for (var index = 0; index < token.Length - 1; index++)
        {
            var changed = token[..index] + (token[index] == 'A' ? 'B' : 'A') + token[(index + 1)..];
            Assert.True(await harness.ReasonAsync(changed) is not null, $"The token is accepted with another character at {index}.");
        }
    }

    [Fact]
    public async Task Read_EveryTruncation_IsRefused()
    {
        await using var harness = await TokenHarness.StartAsync();
        var token = harness.Issuer.Token();

        for (var length = 0; length < token.Length; length++)
        {
            Assert.NotNull(await harness.ReasonAsync(token[..length]));
        }
    }

    [Fact]
    public async Task Read_StrangersToken_CausesNoFetch()
    {
        await using var harness = await TokenHarness.StartAsync();
        var before = harness.Issuer.Fetches + harness.Other.Fetches;
        var stranger = new FakeIssuer("https://stranger.test", SigningKey.OfRsa("stranger"), harness.Time);

        Assert.Equal(TokenReason.UnknownIssuer, await harness.ReasonAsync(stranger.Token()));

        Assert.Equal(0, stranger.Fetches);
        Assert.Equal(before, harness.Issuer.Fetches + harness.Other.Fetches);
    }

    [Fact]
    public async Task Read_LongestToken_IsAcceptedAndOneMoreCharacterIsNot()
    {
        await using var sample = new TokenHarness();
        var length = sample.Issuer.Token(("sub", "alice")).Length;
        await using var harness = await TokenHarness.StartAsync(options => options.MaxTokenLength = length);

        Assert.Null(await harness.ReasonAsync(harness.Issuer.Token(("sub", "alice"))));
        Assert.Equal(TokenReason.TooLong, await harness.ReasonAsync(harness.Issuer.Token(("sub", "alicia"))));
    }
}
