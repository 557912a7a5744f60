namespace SecureInference.Tool.Tests;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("checkout")]
    [InlineData("[red]no markup[/]")]
    [InlineData("Größe 數字 👩\u200D🔬")]
    public void Clean_OrdinaryText_StaysAsItIs(string text)
    {
        var clean = TerminalText.Clean(text);

        Assert.Equal(text, clean);
    }

    [Theory]
    [InlineData("\e[31mred")]
    [InlineData("\u009B31mred")]
    [InlineData("two\nlines")]
    [InlineData("two\rlines")]
    [InlineData("two\u2028lines")]
    [InlineData("bell\a")]
    [InlineData("turned\u202Earound")]
    [InlineData("isolated\u2066mark")]
    [InlineData("hidden\u200Bspace")]
    public void Clean_OrdersToTheTerminal_AreReplaced(string text)
    {
        var clean = TerminalText.Clean(text);

        Assert.Equal(1, clean.Count(static character => character == '\uFFFD'));
        Assert.Equal(text.Length, clean.Length);
        Assert.False(TerminalText.IsSafe(text));
    }

    [Fact]
    public void IsSafe_HalfACharacter_IsNotSafe()
    {
        var isSafe = TerminalText.IsSafe("half" + '\uD83D');

        Assert.False(isSafe);
    }
}
