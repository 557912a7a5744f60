using System.Net;
using System.Text.Json;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Samples;

public sealed class DigitsInDevelopmentTests
{
    private static readonly Dictionary<string, string> ContentTypes = new()
    {
        [".html"] = "text/html",
        [".css"] = "text/css",
        [".js"] = "text/javascript",
        [".svg"] = "image/svg+xml",
    };

    [Fact]
    public async Task Start_WithoutStore_PrintsAKeyACommandAndThePage()
    {
        using var folder = new TestFolder();
        using var sample = await StartAsync(folder);

        var command = await PrintedCommand.FindAsync(sample);

        Assert.StartsWith("si_test_", command.Key, StringComparison.Ordinal);
        Assert.Equal(new Uri(sample.Address, "/v2/models/digits/infer"), command.Address);
        await Eventually.IsTrueAsync(
            () => sample.Output.Contains($"{sample.Address}#key={command.Key}", StringComparison.Ordinal), "the page's address is printed");
    }

    [Fact]
    public async Task PrintedCommand_RunAsItStands_ReadsAThree()
    {
        using var folder = new TestFolder();
        using var sample = await StartAsync(folder);

        var answer = await (await PrintedCommand.FindAsync(sample)).RunAsync();

        using var json = JsonDocument.Parse(answer);
        var output = WireTensor.FromJson(json.RootElement.GetProperty("outputs")[0]);
        var probabilities = output.Values<float>();
        Assert.Equal("probabilities", output.Name);
        Assert.Equal(10, probabilities.Length);
        Assert.Equal(3, Array.IndexOf(probabilities, probabilities.Max()));
        Assert.True(probabilities[3] > 0.5, answer);
    }

    [Fact]
    public async Task Start_HomeOfItsOwn_HoldsNoUsageDataOfTheNativeRuntime()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps it elsewhere.");
        using var folder = new TestFolder();
        using var home = new TestFolder();
        using var sample = await StartAsync(folder, home.Path);

        var answer = await (await PrintedCommand.FindAsync(sample)).RunAsync();

        Assert.Contains("probabilities", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFileSystemEntries(home.Path, "*", SearchOption.AllDirectories), static entry => entry.Contains("onnxruntime", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_Again_TheKeyOfTheStartBeforeIsRefused()
    {
        using var folder = new TestFolder();
        string before;
        using (var first = await StartAsync(folder))
        {
            before = (await PrintedCommand.FindAsync(first)).Key;
        }

        using var second = await StartAsync(folder);
        using var client = new HttpClient { BaseAddress = second.Address };
        client.DefaultRequestHeaders.Add("x-api-key", before);

        var refusal = await Refusal.SendAsync(client, new HttpRequestMessage(HttpMethod.Get, "/v2"));

        Assert.Equal((int)HttpStatusCode.Forbidden, refusal.Status);
    }

    [Fact]
    public async Task Page_EveryFile_IsServedWithItsTypeAndAPolicy()
    {
        using var folder = new TestFolder();
        using var sample = await StartAsync(folder);
        using var client = new HttpClient { BaseAddress = sample.Address };
        var root = Path.Combine(Checkout.Sample("Digits"), "wwwroot");
        var files = Directory.GetFiles(root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file)).Append("").ToArray();

        Assert.Contains("index.html", files);
        foreach (var file in files)
        {
            using var response = await client.GetAsync("/" + file, TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(ContentTypes[file.Length == 0 ? ".html" : Path.GetExtension(file)], response.Content.Headers.ContentType?.MediaType);
            Assert.Contains("default-src 'self'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
            Assert.Equal(
                await File.ReadAllBytesAsync(Path.Combine(root, file.Length == 0 ? "index.html" : file), TestContext.Current.CancellationToken),
                await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }
    }

    [Theory]
    [InlineData("/appsettings.json")]
    [InlineData("/models/digits.onnx")]
    [InlineData("/data/held-out.csv")]
    [InlineData("/audit/identity")]
    [InlineData("/audit/key.pem")]
    [InlineData("/..%2fappsettings.json")]
    [InlineData("/%2e%2e/Program.cs")]
    public async Task Page_FileBeyondItsFolder_IsNotServed(string path)
    {
        using var folder = new TestFolder();
        using var sample = await StartAsync(folder);
        using var connection = await RawConnection.OpenAsync(sample.Address);
        await connection.SendAsync($"GET {path} HTTP/1.1\r\nHost: {sample.Address.Authority}\r\n\r\n");

        var (status, _, _) = await connection.ReceiveAsync();

        Assert.Equal(404, status);
    }

    private static Task<SampleProcess> StartAsync(TestFolder folder, string? home = null) =>
        SampleProcess.StartAsync("Digits", "Development", new Dictionary<string, string>
        {
            ["Audit:Directory"] = folder.File("audit"),
            [SampleProcess.ProcessVariable + "HOME"] = home ?? Environment.GetEnvironmentVariable("HOME") ?? folder.Path,
        });
}
