using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;
using SecureInference.IntegrationTests.Samples;

namespace SecureInference.IntegrationTests.Packages;

/// <summary>An app outside the checkout as a process of its own, in Development, on a port that the system chooses.</summary>
internal sealed class ConsumerApp : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    /// <summary>Starts an app.</summary>
    /// <param name="folder">Where it starts.</param>
    /// <param name="program">What is started: the app's own program, or <c>dotnet</c>.</param>
    /// <param name="first">What stands before the app's arguments.</param>
    public ConsumerApp(string folder, string program, params IEnumerable<string> first)
    {
        string[] arguments = [.. first, "--urls", "http://127.0.0.1:0", "--environment", "Development"];
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Waits until the app has written something.</summary>
    /// <returns>The first group of the pattern.</returns>
    public async Task<string> ReadAsync([StringSyntax(StringSyntaxAttribute.Regex)] string pattern)
    {
        await Eventually.IsTrueAsync(() => _process.HasExited || Regex.IsMatch(Output(), pattern, RegexOptions.Multiline), $"the app writes {pattern}");
        var match = Regex.Match(Output(), pattern, RegexOptions.Multiline);
        Assert.True(match.Success, Output());
        return match.Groups[1].Value;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private string Output()
    {
        lock (_output)
        {
            return _output.ToString();
        }
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.Append(line).Append('\n');
        }
    }
}
