using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureInference.Hosting;
using SecureInference.IntegrationTests.Samples;
using SecureInference.Onnx;
using SecureInference.Protocol;
using SecureInference.TestSupport;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>An app with two real models behind short queues, whose every lane and request can be counted.</summary>
internal sealed class HangUpApp : IAsyncDisposable
{
    public const int Lanes = 2;
    public const int MaxQueueLength = 6;

    private readonly TestFolder _folder = new();
    private GuardedApp? _app;

    public GuardedApp App => _app ?? throw new InvalidOperationException("The app is not started.");

    /// <summary>Gets the keys of several callers: the queue takes turns between them.</summary>
    public List<string> Keys { get; } = [];

    public FailingLoader Loader => Assert.IsType<FailingLoader>(App.Services.GetRequiredService<IModelLoader>());

    private WatchedRunners Runners => App.Services.GetRequiredService<WatchedRunners>();

    public async Task StartAsync()
    {
        await File.WriteAllBytesAsync(_folder.File("slow.onnx"), OnnxModels.SlowGather(HangUps.Iterations, HangUps.Size));
        await File.WriteAllBytesAsync(_folder.File("wide.onnx"), OnnxModels.Wide(HangUps.Width));
        _app = await GuardedApp.StartAsync(guards =>
        {
            guards.Services.AddSingleton(static services => new WatchedRunners(ActivatorUtilities.CreateInstance<ModelRunnerFactory>(services)));
            guards.Services.AddSingleton<IModelRunnerFactory>(static services => services.GetRequiredService<WatchedRunners>());
            guards.Services.AddSingleton<IModelLoader>(static services => new FailingLoader(ActivatorUtilities.CreateInstance<OnnxModelLoader>(services)));
            guards.AddOnnxModel(HangUps.Slow, _folder.File("slow.onnx"), Configure).AddOnnxModel(HangUps.Wide, _folder.File("wide.onnx"), Configure);

            // A line of every request would be what grows.
            guards.Services.AddLogging(static logging => logging.SetMinimumLevel(LogLevel.Warning));
        });
        Keys.Add(App.Key);
        for (var caller = 0; caller < 3; caller++)
        {
            Keys.Add(TestKeys.Add(App.StorePath, $"caller {caller}", ["model:*:infer"]));
        }

        using var client = new HttpClient { BaseAddress = App.Address };
        client.DefaultRequestHeaders.Add("x-api-key", Keys[^1]);
        await Eventually.IsTrueAsync(async () => (await client.GetAsync("/v2", TestContext.Current.CancellationToken)).IsSuccessStatusCode, "the last key is known");
    }

    /// <summary>Waits until nobody asks, waits, runs or is answered any more, and all that was lent has come back.</summary>
    public Task UntilQuietAsync() => Eventually.IsTrueAsync(() => Task.FromResult(FindUnrest() is ""), FindUnrest);

    /// <summary>Has other versions take the models' places, which frees those that are there once nobody holds them.</summary>
    public async Task ReplaceModelsAsync()
    {
        var before = Runners.Models.ToArray();
        foreach (var name in (string[])[HangUps.Slow, HangUps.Wide])
        {
            await App.Services.GetRequiredService<IModelCatalog>().ReloadAsync(name, TestContext.Current.CancellationToken);
        }

        Assert.Equal(before.Length * 2, Runners.Models.Count);
        await Eventually.IsTrueAsync(() => before.All(static model => Assert.IsType<FailingEngine>(model.Engine).IsFreed), "the versions that nobody holds are freed");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _folder.Dispose();
    }

    private string FindUnrest()
    {
        var inFlight = App.Services.GetRequiredService<DrainState>().InFlight;
        var held = App.Services.GetRequiredService<BytesInFlight>().Held;
        return (inFlight == 0 ? "" : $"{inFlight} requests in flight. ") + (held == (0, 0) ? "" : $"{held} bytes held. ")
            + string.Concat(Runners.Models.Where(static model => !Assert.IsType<FailingEngine>(model.Engine).IsFreed).Select(WatchedRunners.FindUnrest));
    }

    private static void Configure(ModelOptions options)
    {
        options.Lanes = Lanes;
        options.MaxBatchSize = HangUps.MaxRows;
        options.MaxQueueLength = MaxQueueLength;
        options.PollInterval = TimeSpan.Zero;

        // The slow model is a loop.
        options.Admission.DisabledRules = ["ONNX-D1", "ONNX-D2"];
    }
}
