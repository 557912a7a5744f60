using System.Diagnostics;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Tests.Keys;

public sealed class CreateKeyConcurrencyTests
{
    [Fact]
    public async Task Create_TwentyAtOnce_LoseNoRow()
    {
        using var tool = new ToolFixture();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(() => tool.RunAsync(
            TimeProvider.System, 80, true, "keys", "create", "--store", tool.Store, "--owner", $"owner-{number}", "--scope", "admin"))));

        Assert.All(answers, static answer => Assert.Equal(0, answer.ExitCode));
        AssertHoldsOwners(tool.ReadStore(), 20);
        Assert.Equal([tool.Store], Directory.GetFiles(tool.Folder));
    }

    [Fact]
    public async Task Create_EightProcessesAtOnce_LoseNoRow()
    {
        using var tool = new ToolFixture();
        var assembly = typeof(CommandLineTool).Assembly.Location;

        var processes = Enumerable.Range(0, 8)
            .Select(number => Start(assembly, "keys", "create", "--store", tool.Store, "--owner", $"owner-{number}", "--scope", "admin"))
            .ToList();
        foreach (var process in processes)
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, process.ExitCode);
            process.Dispose();
        }

        AssertHoldsOwners(tool.ReadStore(), 8);
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;

    private static void AssertHoldsOwners(ApiKeyFile store, int count)
    {
        Assert.Equal(count, store.Generation);
        Assert.Equal(
            Enumerable.Range(0, count).Select(static number => $"owner-{number}").Order(StringComparer.Ordinal),
            store.Keys.Select(static row => row.Owner).Order(StringComparer.Ordinal));
    }
}
