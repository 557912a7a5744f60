using System.Diagnostics;
using System.Text.RegularExpressions;

namespace SecureInference.IntegrationTests.Samples;

/// <summary>The curl line that a sample prints in Development.</summary>
internal sealed partial record PrintedCommand(string Text, Uri Address, string Key)
{
    public static async Task<PrintedCommand> FindAsync(SampleProcess sample)
    {
        await Eventually.IsTrueAsync(() => CurlLine().IsMatch(sample.Output), "the command is printed");
        var match = CurlLine().Match(sample.Output);
        return new PrintedCommand(match.Value, new Uri(match.Groups["address"].Value), match.Groups["key"].Value);
    }

    /// <summary>Does what the line says: by a shell where there is curl, and otherwise as a reader would.</summary>
    public async Task<string> RunAsync()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return Array.Exists(folders, static folder => File.Exists(Path.Combine(folder, "curl"))) ? await RunByShellAsync() : await SendAsync();
    }

    private async Task<string> RunByShellAsync()
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", Text]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var answer = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, shell.ExitCode);
        return answer;
    }

    private async Task<string> SendAsync()
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("x-api-key", Key);
        using var content = InferBody.Text(Body().Match(Text).Groups["body"].Value);
        using var response = await client.PostAsync(Address, content, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"curl -s (?<address>http://\S+) [^{]*?-H 'x-api-key: (?<key>si_\w+)'[^{]*-d '\{[^']*'")]
    private static partial Regex CurlLine();

    [GeneratedRegex(@"-d '(?<body>\{[^']*)'")]
    private static partial Regex Body();
}
