using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

public sealed class ApiKeyTests
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    [Theory]
    [InlineData(ApiKey.Live)]
    [InlineData(ApiKey.Test)]
    public void Create_Key_ReadsBack(string environment)
    {
        var id = ApiKey.CreateId();
        var text = ApiKey.Create(environment, id);

        Assert.True(ApiKey.TryParse(text, out var key));
        Assert.Equal(environment, key.Environment);
        Assert.Equal(id, key.Id);
        Assert.Equal(43, key.Secret.Length);
        Assert.Matches("^si_(live|test)_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$", text);
    }

    [Fact]
    public void Create_ManyKeys_AreAllDifferent()
    {
        var keys = Enumerable.Range(0, 1000).Select(_ => ApiKey.Create(ApiKey.Live, ApiKey.CreateId())).ToArray();

        Assert.Equal(1000, keys.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(1000, keys.Select(static key => key.Split('_')[2]).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void TryParse_OneCharacterFlippedAnywhere_Fails()
    {
        var text = ApiKey.Create(ApiKey.Live, ApiKey.CreateId());

        for (var position = 0; position < text.Length; position++)
        {
            foreach (var digit in Digits + "_-\0 é")
            {
                var flipped = text[..position] + digit + text[(position + 1)..];
                Assert.Equal(digit == text[position], ApiKey.TryParse(flipped, out _));
            }
        }
    }

    [Fact]
    public void TryParse_TwoNeighboursSwapped_Fails()
    {
        var text = ApiKey.Create(ApiKey.Live, ApiKey.CreateId());

        for (var position = 0; position < text.Length - 1; position++)
        {
            var swapped = text[..position] + text[position + 1] + text[position] + text[(position + 2)..];
            Assert.Equal(swapped == text, ApiKey.TryParse(swapped, out _));
        }
    }

    [Fact]
    public void TryParse_CutOrExtended_Fails()
    {
        var text = ApiKey.Create(ApiKey.Live, ApiKey.CreateId());

        for (var length = 0; length < text.Length; length++)
        {
            Assert.False(ApiKey.TryParse(text.AsSpan(0, length), out _));
        }

        Assert.False(ApiKey.TryParse(text + "0", out _));
        Assert.False(ApiKey.TryParse(" " + text, out _));
        Assert.False(ApiKey.TryParse(text + " ", out _));
    }

    [Theory]
    [InlineData("si_", true)]
    [InlineData("si_live_x", true)]
    [InlineData("SI_live_x", false)]
    [InlineData("eyJhbGciOi.J9.x", false)]
    [InlineData("", false)]
    public void LooksLikeOne_Text_GoesByItsPrefix(string text, bool expected) => Assert.Equal(expected, ApiKey.LooksLikeOne(text));

    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("a", 0xE8B7BE43u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Crc32_KnownText_HasItsKnownValue(string text, uint expected) => Assert.Equal(expected, Crc32.Compute(text));
}
