using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tests.Models.Protection.Encryption;

public sealed class Bech32Tests
{
    [Theory]
    [InlineData("A12UEL5L")]
    [InlineData("an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs")]
    [InlineData("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw")]
    public void TryDecode_ValidOfBip173_IsRead(string text) => Assert.True(Bech32.TryDecode(text, out _, out _));

    [Theory]
    [InlineData("pzry9x0s0muk")]
    [InlineData("1pzry9x0s0muk")]
    [InlineData("x1b4n0q5v")]
    [InlineData("li1dgmt3")]
    [InlineData("A1G7SGD8")]
    [InlineData("10a06t8")]
    [InlineData("1qzzfhee")]
    [InlineData("A12UEL5l")]
    [InlineData("a12uel5m")]
    [InlineData("")]
    public void TryDecode_InvalidOfBip173_IsRefused(string text) => Assert.False(Bech32.TryDecode(text, out _, out _));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(1216)]
    public void Encode_AnyLength_IsReadBack(int length)
    {
        var bytes = new byte[length];
        Random.Shared.NextBytes(bytes);

        Assert.True(Bech32.TryDecode(Bech32.Encode("age", bytes), out var prefix, out var read));
        Assert.Equal("age", prefix);
        Assert.Equal(bytes, read);
    }

    [Fact]
    public void Identity_EachLetterChanged_IsNoIdentity()
    {
        using var identity = X25519Identity.Create();
        var text = System.Text.Encoding.ASCII.GetString(identity.Export());

        var read = Enumerable.Range(0, text.Length).Select(index => X25519Identity.TryParse(text[..index] + (text[index] == 'Q' ? 'P' : 'Q') + text[(index + 1)..]));

        Assert.All(read, static changed => Assert.Null(changed));
        Assert.Equal(identity.Recipient.ToString(), X25519Identity.TryParse(text)?.Recipient.ToString());
        Assert.Null(X25519Identity.TryParse(text.ToLowerInvariant()));
    }
}
