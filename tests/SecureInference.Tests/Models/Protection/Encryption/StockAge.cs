using System.Diagnostics;

namespace SecureInference.Tests.Models.Protection.Encryption;

/// <summary>The stock program <c>age</c>, where it is installed.</summary>
internal static class StockAge
{
    public const string Reason = "The program age is not installed: apt-get install age.";

    public static bool IsInstalled { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, "age")) && File.Exists(Path.Combine(folder, "age-keygen")));

    /// <summary>Runs a program to its end, and returns what it wrote.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })
            ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await error}");
        return await output;
    }
}
