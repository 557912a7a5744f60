namespace SecureInference.Tests.Abstractions;

public sealed class ModelNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("digits")]
    [InlineData("Digits-v2.1_final")]
    [InlineData("...")]
    [InlineData("-")]
    [InlineData("0")]
    public void IsValid_NameWithinTheRule_Passes(string name) => Assert.True(ModelName.IsValid(name));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("*")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a:b")]
    [InlineData("a%2e")]
    [InlineData("a\0")]
    [InlineData("a\n")]
    [InlineData("ä")]
    [InlineData("ａ")]
    [InlineData("a\"b")]
    public void IsValid_NameOutsideTheRule_Fails(string name) => Assert.False(ModelName.IsValid(name));

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void IsValid_LongName_IsBounded(int length, bool expected) => Assert.Equal(expected, ModelName.IsValid(new string('a', length)));
}
