using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace SecureInference.IntegrationTests.Browser;

/// <summary>An app as a process of its own, on a port that the system chooses, in Development.</summary>
internal sealed class RunningApp : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private RunningApp(string folder, IEnumerable<string> arguments)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Gets the folder of the checkout.</summary>
    public static string Root { get; } = FindRoot();

    private string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public static RunningApp Start(string assembly, string folder, params IEnumerable<string> arguments) =>
        new(folder, [assembly, "--urls", "http://127.0.0.1:0", "--environment", "Development", .. arguments]);

    /// <summary>Starts the sample Digits, which prints an address with a key in it.</summary>
    public static RunningApp StartDigits(string audit, params IEnumerable<string> arguments)
    {
        // bin/<configuration>/<framework>, as for these tests.
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var sample = Path.Combine(Root, "samples", "Digits");
        var assembly = Path.Combine(sample, "bin", output.Parent!.Name, output.Name, "Digits.dll");
        return Start(assembly, sample, ["--SecureInference:Audit:Directory", audit, .. arguments]);
    }

    /// <summary>Waits until the app has written something.</summary>
    /// <returns>The first group of the pattern.</returns>
    public async Task<string> ReadAsync([StringSyntax(StringSyntaxAttribute.Regex)] string pattern)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        while (true)
        {
            var hasExited = _process.HasExited;
            if (Regex.Match(Output, pattern) is { Success: true } match)
            {
                return match.Groups[1].Value;
            }

            Assert.False(hasExited, $"The app ended:\n{Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), deadline.Token);
        }
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

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SecureInference.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("These tests run inside the checkout: no folder above has SecureInference.sln.");
        }

        return folder.FullName;
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.AppendLine(line);
            }
        }
    }
}
