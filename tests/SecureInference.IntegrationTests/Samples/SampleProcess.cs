using System.Diagnostics;
using System.Globalization;
using System.Text;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Samples;

/// <summary>A sample as a process of its own.</summary>
internal sealed class SampleProcess : IDisposable
{
    /// <summary>Before a setting that is a variable of the process, and not one of the section SecureInference.</summary>
    public const string ProcessVariable = "env:";

    private const string Listening = "Now listening on: ";
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private SampleProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>What it has written so far, on both streams.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public bool HasExited => _process.HasExited;

    /// <summary>How much memory it holds at the moment.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts a sample and waits until it takes requests.</summary>
    public static async Task<SampleProcess> StartAsync(
        string sample, string environment, IReadOnlyDictionary<string, string>? settings = null, params IEnumerable<string> arguments)
    {
        var process = new SampleProcess(Describe(sample, environment, settings, arguments));
        try
        {
            await Eventually.IsTrueAsync(
                () => process.HasExited || process.Output.Contains("Application started", StringComparison.Ordinal), sample + " starts");
            Assert.False(process.HasExited, process.Output);
            process.Address = new Uri(process.Output.Split(Listening)[1].Split('\n')[0].Trim());
            return process;
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Starts a sample that is to end by itself.</summary>
    public static async Task<(int ExitCode, string Output)> RunToEndAsync(
        string sample, string environment, IReadOnlyDictionary<string, string>? settings = null, params IEnumerable<string> arguments)
    {
        using var process = new SampleProcess(Describe(sample, environment, settings, arguments));
        return (await process.WaitForExitAsync(), process.Output);
    }

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        return _process.ExitCode;
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

    private static ProcessStartInfo Describe(
        string sample, string environment, IReadOnlyDictionary<string, string>? settings, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [AssemblyOf(sample), "--urls", "http://127.0.0.1:0", .. arguments])
        {
            WorkingDirectory = Checkout.Sample(sample),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Remove("DOTNET_ENVIRONMENT");
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            if (name.StartsWith(ProcessVariable, StringComparison.Ordinal))
            {
                start.Environment[name[ProcessVariable.Length..]] = value;
                continue;
            }

            start.Environment["SecureInference__" + name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return start;
    }

    /// <summary>Returns the sample as it was built beside these tests: bin/configuration/framework.</summary>
    private static string AssemblyOf(string sample)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(Checkout.Sample(sample), "bin", output.Parent!.Name, output.Name, sample + ".dll");
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.Append(line).Append('\n');
            }
        }
    }
}
