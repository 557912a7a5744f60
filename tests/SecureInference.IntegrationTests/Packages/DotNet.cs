using System.Diagnostics;
using System.Text;

namespace SecureInference.IntegrationTests.Packages;

/// <summary>The command line of .NET in a folder of its own, with a package cache of its own.</summary>
internal sealed class DotNet(string folder, string packages)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    /// <summary>What a test runner leaves behind for its children would point them to other tools.</summary>
    private static readonly string[] Inherited = ["MSBuildSDKsPath", "MSBUILD_EXE_PATH", "MSBuildExtensionsPath", "MSBuildLoadMicrosoftTargetsReadOnly"];

    /// <summary>Runs a command to its end.</summary>
    /// <returns>All that it wrote.</returns>
    public async Task<string> RunAsync(params IEnumerable<string> arguments)
    {
        using var process = new Process { StartInfo = Describe(arguments) };
        var output = new StringBuilder();
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        var text = output.ToString();

        // Unable to load the service index of a source.
        Assert.SkipWhen(text.Contains("NU1301", StringComparison.Ordinal), "The package sources cannot be reached.");
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{text}");
        return text;

        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (output)
            {
                output.AppendLine(line.Data);
            }
        }
    }

    private ProcessStartInfo Describe(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach(Inherited, name => start.Environment.Remove(name));

        // What this machine has fetched already is not fetched again; what we packed is in no cache but this one.
        start.Environment["NUGET_FALLBACK_PACKAGES"] = start.Environment.TryGetValue("NUGET_PACKAGES", out var cache) && cache is not null
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        start.Environment["NUGET_PACKAGES"] = packages;

        // No server of a build may outlive its test.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        return start;
    }
}
