using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SecureInference.Models;
using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Models.Protection;

/// <summary>The catalog loads, and loads anew, by the same door.</summary>
public sealed class CatalogDoorTests : IAsyncLifetime
{
    private readonly Door _door = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private ServiceProvider? _services;

    private ModelCatalog Catalog => _services!.GetRequiredService<ModelCatalog>();

    private ReadingLoader Loader => (ReadingLoader)_services!.GetRequiredService<IModelLoader>();

    private int Width => Catalog.TryGet("m", version: null, out var runner) ? (int)runner.Metadata.Inputs[0].Shape[1] : 0;

    public ValueTask InitializeAsync()
    {
        _door.Write("model.onnx", "4").Trust();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        _door.Dispose();
    }

    [Fact]
    public async Task Start_WithoutASignature_Stops()
    {
        var stopped = await Assert.ThrowsAsync<ModelLoadException>(StartAsync);

        Assert.Contains("must be signed", stopped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_KeyMissing_StopsAndSaysWhichKey()
    {
        await _door.SignAsync();
        File.Delete(_door.KeyFile);

        Assert.Contains(_door.KeyFile, (await Assert.ThrowsAsync<ModelLoadException>(StartAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_WrongSignature_TheOldOneServesUntilTheRightOneComes()
    {
        await _door.SignAsync();
        await StartAsync();

        _door.Write("model.onnx", "5");
        await PassAsync(() => Catalog.FindDegradation() is not null);
        Assert.Equal((4, 1), (Width, Loader.Loads));

        // Nothing but the signature changes.
        await _door.SignAsync();
        await PassAsync(() => Width == 5 && Catalog.FindDegradation() is null);
    }

    [Fact]
    public async Task Reload_SignatureTakenAway_TheOldOneServes()
    {
        await _door.SignAsync();
        await StartAsync();

        File.Delete(_door.File("model.onnx.sig"));

        // The log line comes last of all.
        await PassAsync(() => _door.Log.Entries.Any(static entry => entry.EventId == 1304 && entry.Message.Contains("must be signed", StringComparison.Ordinal)));
        Assert.NotNull(Catalog.FindDegradation());
        Assert.Equal(4, Width);
    }

    [Fact]
    public async Task Reload_ThatDoesNotDecrypt_TheOldOneServes()
    {
        await _door.SignAsync();
        await StartAsync();

        _door.Write("model.onnx", "not what was signed, nor what opens");
        var reload = await Catalog.ReloadAsync("m", TestContext.Current.CancellationToken);

        Assert.Equal(ModelReloadOutcome.Failed, reload.Outcome);
        Assert.Equal(4, Width);
    }

    [Fact]
    public async Task Versions_EachWithItsOwnSignature_TheHighestThatIsSignedServes()
    {
        _door.Write("v/1/model.onnx", "1").Write("v/2/model.onnx", "2").Write("v/3/model.onnx", "3");
        await _door.SignAsync("v/1/model.sig", _door.File("v/1"));
        await _door.SignAsync("v/2/model.onnx.sig", _door.File("v/2/model.onnx"));
        _door.Options.Path = _door.File("v");

        await StartAsync();

        Assert.Equal(2, Width);
        Assert.NotNull(Catalog.FindDegradation());
    }

    [Fact]
    public async Task Versions_LinkedInsideTheModelsFolder_AreFollowedAndOthersPassedOver()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        _door.Write("v/..data/1/model.onnx", "1").Write("elsewhere/2/model.onnx", "2");
        await _door.SignAsync("v/..data/1/model.sig", _door.File("v/..data/1"));
        await _door.SignAsync("elsewhere/2/model.sig", _door.File("elsewhere/2"));
        Directory.CreateSymbolicLink(_door.File("v/1"), "..data/1");
        Directory.CreateSymbolicLink(_door.File("v/2"), _door.File("elsewhere/2"));
        _door.Options.Path = _door.File("v");

        await StartAsync();

        Assert.Equal(1, Width);
        Assert.Contains(_door.Log.Entries, static entry => entry.EventId == 1304 && entry.Message.Contains("outside the model's folder", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reload_SignatureReplacedMeanwhile_IsNotServedUntilItLiesStill()
    {
        await _door.SignAsync();
        await StartAsync();
        var gate = new TaskCompletionSource();
        Loader.Gate = gate.Task;
        _door.Write("model.onnx", "5");
        await _door.SignAsync();
        var reload = Catalog.ReloadAsync("m", TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Loader.Loads == 2, TestContext.Current.CancellationToken);

        File.AppendAllText(_door.File("model.onnx.sig"), "\n");
        gate.SetResult();

        Assert.Contains("or its signature, changed while it was read", (await reload).Problem, StringComparison.Ordinal);
        Assert.Equal(4, Width);
        await PassAsync(() => Width == 5);
    }

    [Fact]
    public async Task Health_SaysDigestAndSigner()
    {
        var digest = await _door.SignAsync();
        await StartAsync();

        var data = (IReadOnlyDictionary<string, object>)(await HealthAsync()).Data["models/m/versions/1"];

        Assert.Equal((digest, true, false), ((string)data["digest"], (bool)data["signed"], (bool)data["encrypted"]));
        Assert.DoesNotContain("warning", data.Keys);
    }

    [Fact]
    public async Task Health_OfAModelThatNobodyVouchesFor_Warns()
    {
        _door.Options.TrustedKeys = [];
        await StartAsync();

        var report = await HealthAsync();

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Contains("neither signed nor encrypted", (string)((IReadOnlyDictionary<string, object>)report.Data["models/m/versions/1"])["warning"], StringComparison.Ordinal);
        Assert.Contains(_door.Log.Entries, static entry => entry.EventId == 1351);
    }

    private async Task<HealthReportEntry> HealthAsync() =>
        (await _services!.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Entries["secure-inference"];

    private async Task StartAsync()
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(_door.Log));
        services.AddSingleton<IHostEnvironment>(new HostingEnvironment { ContentRootPath = _door.Folder, EnvironmentName = "Production" });
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<IModelLoader, ReadingLoader>();
        services.AddSingleton(new ModelRegistration("m", _door.Options));
        services.AddSecureInference(new ConfigurationBuilder().Build());
        _services = services.BuildServiceProvider();
        await Catalog.StartAsync(TestContext.Current.CancellationToken);
    }

    private async Task PassAsync(Func<bool> until)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(2));
        while (!until())
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, deadline.Token);
        }
    }
}
