using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SecureInference.IntegrationTests.Samples;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Browser;

/// <summary>The page of the sample in a real browser, and the hand that draws on it.</summary>
internal sealed partial class DigitsPage : IAsyncDisposable
{
    private const float DeadlineMilliseconds = 60_000;
    private static readonly string[] Quiet =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly TestFolder _folder = new();
    private readonly ConcurrentQueue<string> _complaints = new();
    private SampleProcess? _digits;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private IPage? _page;

    private DigitsPage()
    {
    }

    public IPage Page => _page ?? throw new InvalidOperationException("The page is not open.");

    /// <summary>Gets what the browser's console has complained of.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Gets the key that the sample has printed.</summary>
    public string Key { get; private set; } = "";

    /// <summary>Opens the printed address; skips the test where there is no browser.</summary>
    public static async Task<DigitsPage> OpenAsync(ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 1400)
    {
        var chromium = FindChromium();
        Assert.SkipWhen(chromium is null, "There is no chromium on the PATH.");
        var page = new DigitsPage();
        try
        {
            await page.StartAsync(chromium, new BrowserNewPageOptions { ColorScheme = scheme, ViewportSize = new ViewportSize { Width = width, Height = height } });
            return page;
        }
        catch
        {
            await page.DisposeAsync();
            throw;
        }
    }

    /// <summary>Draws one stroke through points in cells, 0 to 8 from the upper left corner.</summary>
    public async Task DrawAsync(params IReadOnlyList<(double X, double Y)> points)
    {
        var box = await Page.Locator("#draw").BoundingBoxAsync() ?? throw new InvalidOperationException("The drawing surface is not on the page.");
        for (var index = 0; index < points.Count; index++)
        {
            await Page.Mouse.MoveAsync(
                box.X + ((float)points[index].X / 8 * box.Width), box.Y + ((float)points[index].Y / 8 * box.Height), new MouseMoveOptions { Steps = index == 0 ? 1 : 5 });
            if (index == 0)
            {
                await Page.Mouse.DownAsync();
            }
        }

        await Page.Mouse.UpAsync();
    }

    /// <summary>Waits for the answer to what is drawn.</summary>
    public async Task<(string Digit, double[] Probabilities)> ReadAnswerAsync()
    {
        await Page.Locator("#result[data-kind=answer]").WaitForAsync();
        var bars = await Page.Locator("#bars > li").EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.probability)");
        return (await Page.Locator("#result").InnerTextAsync(), [.. bars.Select(static bar => double.Parse(bar, CultureInfo.InvariantCulture))]);
    }

    /// <summary>Sends the request of a case.</summary>
    /// <returns>The answer as the page shows it.</returns>
    public async Task<string> SendCaseAsync(string name)
    {
        await Page.Locator($"[data-case={name}]").ClickAsync();
        await Page.WaitForFunctionAsync("() => document.querySelector('#answer').textContent !== ''");
        return await Page.Locator("#answer").InnerTextAsync();
    }

    /// <summary>Keeps a picture for people to look at.</summary>
    public Task SaveScreenshotAsync(string name) => Page.ScreenshotAsync(new PageScreenshotOptions
    {
        Path = Path.Combine(Checkout.Root, "artifacts", "screenshots", name + ".png"),
        FullPage = true,
    });

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        _digits?.Dispose();
        _folder.Dispose();
    }

    private async Task StartAsync(string chromium, BrowserNewPageOptions options)
    {
        // One token a second, so that a slow browser runs into the limit too.
        _digits = await SampleProcess.StartAsync("Digits", "Development", new Dictionary<string, string>
        {
            ["Audit:Directory"] = _folder.File("audit"),
            ["RateLimits:Default:TokensPerPeriod"] = "1",
        });
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = chromium, Args = Quiet, Headless = true });
        var page = await _browser.NewPageAsync(options);
        _page = page;
        page.SetDefaultTimeout(DeadlineMilliseconds);
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue(message.Text);
            }
        };
        await Eventually.IsTrueAsync(() => AddressWithKey().IsMatch(_digits.Output), "the page's address is printed");
        var address = AddressWithKey().Match(_digits.Output);
        Key = address.Groups["key"].Value;
        await page.GotoAsync(address.Value);
    }

    private static string? FindChromium() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Append("/usr/bin")
        .SelectMany(static folder => new[] { "chromium", "chromium-browser" }.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/#key=(?<key>si_test_\w+)")]
    private static partial Regex AddressWithKey();
}
