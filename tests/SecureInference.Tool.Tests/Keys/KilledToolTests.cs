using System.Diagnostics;
using System.Security.Cryptography;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Tests.Keys;

/// <summary>Kills real tools in the middle of writing a store that is large enough to be hit.</summary>
public sealed class KilledToolTests(ITestOutputHelper output)
{
    private const int Rows = 4_000;

    private static readonly int Kills = Environment.GetEnvironmentVariable("SECUREINFERENCE_SOAK") == "1" ? 100 : 5;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Create_KilledWhileItWrites_LosesNothingAndIsFinishedByTheNext(bool isSealed)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows replaces the file at once.");
        using var tool = new ToolFixture();
        var pepper = isSealed ? ApiKeyPeppers.Create(1) : null;
        tool.Pepper = pepper;
        var peppers = ApiKeyPeppers.Find(file: null, pepper);
        ApiKeySeal.Add(ApiKeyFile.Empty with { Generation = 1, Keys = [.. Enumerable.Range(0, Rows).Select(number => Row(peppers, number))] }, peppers).Write(tool.Store);
        var (last, halves) = (1L, 0);

        for (var kill = 0; kill < Kills; kill++)
        {
            File.Delete(ApiKeyFile.UnfinishedPath(tool.Store));
            await KillOneAsync(tool.Store, pepper);
            halves += IsWhole(tool.Store, peppers) ? 0 : 1;

            var next = await tool.RunAsync("keys", "list", "--store", tool.Store, "--json");

            Assert.Equal((0, ""), (next.ExitCode, next.Error));
            var file = tool.ReadStore();
            ApiKeySeal.Check(file, peppers);
            Assert.InRange(file.Generation, last, last + 1);
            Assert.Equal(Rows + file.Generation - 1, file.Keys.Count);
            last = file.Generation;
        }

        output.WriteLine($"{Kills} kills, {last - 1} changes, {halves} stores found half written");
    }

    // What a server sees: the old store or the new one, whole; or nothing that it takes for a store.
    private static bool IsWhole(string store, ApiKeyPeppers peppers)
    {
        try
        {
            ApiKeySeal.Check(ApiKeyFile.Read(store), peppers);
            return true;
        }
        catch (InvalidDataException)
        {
            Assert.True(File.Exists(ApiKeyFile.UnfinishedPath(store)));
            return false;
        }
    }

    private static async Task KillOneAsync(string store, string? pepper)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CommandLineTool).Assembly.Location, "keys", "create", "--store", store, "--owner", "late", "--scope", "admin"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[ApiKeyPeppers.Variable] = pepper;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("No process.");

        // It writes from when the unfinished store appears until that is gone.
        while (!process.HasExited && !File.Exists(ApiKeyFile.UnfinishedPath(store)))
        {
            Thread.SpinWait(100);
        }

        var until = Stopwatch.GetTimestamp() + (Stopwatch.Frequency * RandomNumberGenerator.GetInt32(30_000) / 1_000_000);
        while (Stopwatch.GetTimestamp() < until)
        {
            Thread.SpinWait(10);
        }

        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static ApiKeyRow Row(ApiKeyPeppers peppers, int number) => new ApiKeyIssuer(() => peppers).Create(
        new ApiKeyRow { Id = "", Environment = ApiKey.Live, Owner = $"owner-{number}", Scopes = ["admin"], Created = ToolFixture.Start, Secrets = [] }, expires: null, out _);
}
