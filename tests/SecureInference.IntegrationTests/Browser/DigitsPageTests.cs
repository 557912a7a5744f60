using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SecureInference.IntegrationTests.Browser;

/// <summary>The sample as somebody meets it: open the printed address, draw, read, and be refused.</summary>
public sealed class DigitsPageTests
{
    [Fact]
    public async Task Draw_ClosedZeroWithTheMouse_IsReadAsZero()
    {
        await using var page = await DigitsPage.OpenAsync();

        await page.DrawAsync(Ellipse(4, 4, 1.7, 2.8));
        var (digit, probabilities) = await page.ReadAnswerAsync();

        await page.SaveScreenshotAsync("digits-light");
        Assert.Equal("0", digit);
        Assert.Equal(10, probabilities.Length);
        Assert.InRange(probabilities.Sum(), 0.99, 1.01);
        Assert.Equal(0, Array.IndexOf(probabilities, probabilities.Max()));
        Assert.Contains("ms", await page.Page.Locator("#latency").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Matches("^[0-9]+$", await page.Page.Locator("#remaining").InnerTextAsync());
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Draw_AnotherDigitAfterClear_IsReadAnew()
    {
        await using var page = await DigitsPage.OpenAsync(ColorScheme.Dark);
        await page.DrawAsync(Ellipse(4, 4, 1.7, 2.8));
        await page.ReadAnswerAsync();

        await page.Page.Locator("#clear").ClickAsync();
        var cleared = await page.Page.Locator("#result").GetAttributeAsync("data-kind");
        await page.DrawAsync((2, 1.2), (6, 1.2), (3.6, 7));
        var (digit, _) = await page.ReadAnswerAsync();

        await page.SaveScreenshotAsync("digits-dark");
        Assert.Equal("idle", cleared);
        Assert.Equal("7", digit);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Draw_WithTheKeyboard_IsReadToo()
    {
        await using var page = await DigitsPage.OpenAsync();
        await page.Page.Locator("#draw").FocusAsync();

        await page.Page.Keyboard.PressAsync("ArrowUp");
        for (var row = 0; row < 7; row++)
        {
            await page.Page.Keyboard.PressAsync("Shift+ArrowDown");
        }

        var (digit, _) = await page.ReadAnswerAsync();

        Assert.Equal("1", digit);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task RoundTrip_TwoAnswers_ShowsTheMiddleOfBothAsTheirMedian()
    {
        await using var page = await DigitsPage.OpenAsync();
        await page.Page.Locator("[data-example='2']").ClickAsync();
        await page.Page.Locator("#latency-note").Filter(new() { HasText = "One request" }).WaitForAsync();
        var first = Milliseconds(await page.Page.Locator("#latency").InnerTextAsync());

        await page.Page.Locator("[data-example='8']").ClickAsync();
        await page.Page.Locator("#latency-note").Filter(new() { HasText = "last 2" }).WaitForAsync();
        var second = Milliseconds(await page.Page.Locator("#latency").InnerTextAsync());
        var median = Milliseconds(await page.Page.Locator("#latency-note").InnerTextAsync());

        // Shown without decimals from 100 ms on.
        Assert.InRange(median, ((first + second) / 2) - 1.1, ((first + second) / 2) + 1.1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task Example_Clicked_IsReadAsWhatItIs(int example)
    {
        await using var page = await DigitsPage.OpenAsync();

        await page.Page.Locator($"[data-example='{example}']").ClickAsync();
        var (digit, _) = await page.ReadAnswerAsync();

        Assert.Equal($"{example}", digit);
    }

    [Fact]
    public async Task Open_AddressWithAKey_TakesTheKeyOutOfTheAddress()
    {
        await using var page = await DigitsPage.OpenAsync();

        await page.Page.WaitForFunctionAsync("() => location.hash === ''");

        Assert.DoesNotContain("si_", page.Page.Url, StringComparison.Ordinal);
        Assert.Equal(page.Key, await page.Page.Locator("#key").InputValueAsync());
        Assert.Equal("password", await page.Page.Locator("#key").GetAttributeAsync("type"));
        Assert.DoesNotContain(page.Key, await page.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.True(await page.Page.Locator("#no-key").IsHiddenAsync());
    }

    [Fact]
    public async Task Reload_SameTab_KeepsTheKeyAndAnotherTabHasNone()
    {
        await using var page = await DigitsPage.OpenAsync();
        await page.Page.WaitForFunctionAsync("() => location.hash === ''");

        await page.Page.ReloadAsync();
        var other = await page.Page.Context.Browser!.NewPageAsync();
        await other.GotoAsync(page.Page.Url);

        Assert.Equal(page.Key, await page.Page.Locator("#key").InputValueAsync());
        Assert.Equal("", await other.Locator("#key").InputValueAsync());
        Assert.True(await other.Locator("#no-key").IsVisibleAsync());
    }

    [Theory]
    [InlineData("accepted", 200)]
    [InlineData("no-key", 401)]
    [InlineData("wrong-key", 403)]
    [InlineData("unknown-model", 404)]
    [InlineData("wrong-shape", 400)]
    [InlineData("not-a-number", 400)]
    [InlineData("too-many", 429)]
    public async Task Case_Clicked_ShowsTheServersAnswer(string name, int status)
    {
        await using var page = await DigitsPage.OpenAsync();

        var answer = await page.SendCaseAsync(name);

        await page.SaveScreenshotAsync("refusal-" + name);
        Assert.StartsWith($"HTTP {status}", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(page.Key, await page.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.All(page.Complaints, complaint => Assert.StartsWith($"Failed to load resource: the server responded with a status of {status}", complaint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Open_NarrowScreen_DoesNotScrollSideways()
    {
        await using var page = await DigitsPage.OpenAsync(width: 360, height: 740);

        await page.DrawAsync(Ellipse(4, 4, 1.7, 2.8));
        await page.ReadAnswerAsync();

        await page.SaveScreenshotAsync("digits-narrow");
        Assert.Equal(0, await page.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth"));
    }

    private static (double X, double Y)[] Ellipse(double x, double y, double width, double height) =>
        [.. Enumerable.Range(0, 25).Select(step => (x + (width * Math.Sin(step * Math.Tau / 24)), y - (height * Math.Cos(step * Math.Tau / 24))))];

    private static double Milliseconds(string text) => double.Parse(Regex.Match(text, @"[\d.]+(?= ms)").ValueSpan, CultureInfo.InvariantCulture);
}
