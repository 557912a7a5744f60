using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.Tests.Abstractions;
using SecureInference.Tests.Models;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Hosting;

/// <summary>Models change with the configuration, while the app runs.</summary>
public sealed class ModelsReloadTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FileLoader _loader = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Change_AnotherPath_ServesTheOtherFile()
    {
        await using var app = await StartAsync();

        Change(app, ("Models:m:Path", Write("other", "5")));

        await Eventually.TrueAsync(() => WidthOf(app, "m") == 5, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => _loader.Loaded.First().Disposals == 1, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Change_AnotherOption_LoadsTheSameFileWithIt()
    {
        await using var app = await StartAsync(("Models:m:Versions:0", "1"));
        Assert.Equal(1, _loader.Asked);

        Change(app, ("Models:m:MaxQueueLength", "7"));

        await Eventually.TrueAsync(() => _loader.Loaded.First().Disposals == 1, TestContext.Current.CancellationToken);
        Assert.Equal(2, _loader.Asked);
    }

    [Fact]
    public async Task Change_OptionsWithWhichItDoesNotLoad_TheOldOnesGoOnAndThisIsDegradation()
    {
        await using var app = await StartAsync();

        Change(app, ("Models:m:Path", Write("other", "broken")));

        var readiness = app.Services.GetRequiredService<Readiness>();
        await Eventually.TrueAsync(() => readiness.FindDegradation() is not null, TestContext.Current.CancellationToken);
        Assert.Equal(4, WidthOf(app, "m"));
        Change(app, ("Models:m:Path", Write("other", "6")));
        Change(app, ("Models:m:Path", Write("third", "6")));
        await Eventually.TrueAsync(() => WidthOf(app, "m") == 6 && readiness.FindDegradation() is null, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Change_NewModel_IsServedOnceItIsLoaded()
    {
        await using var app = await StartAsync();

        Change(app, ("Models:n:Path", Write("n", "5")));

        await Eventually.TrueAsync(() => WidthOf(app, "n") == 5, TestContext.Current.CancellationToken);
        Assert.Equal(["code", "m", "n"], app.Services.GetRequiredService<IModelCatalog>().Models.Select(static model => model.Metadata.Name));
    }

    [Fact]
    public async Task Change_ModelTakenAwayAndBroughtBack_AHandleThatWasKeptFindsItAgain()
    {
        await using var app = await StartAsync(("Models:k:Path", Write("k", "4")));
        var more = new MemoryConfigurationSource { InitialData = [KeyValuePair.Create("SecureInference:Models:n:Path", (string?)Write("n", "5"))] };
        var sources = ((IConfigurationBuilder)app.Services.GetRequiredService<IConfiguration>()).Sources;
        sources.Add(more);
        await Eventually.TrueAsync(() => WidthOf(app, "n") == 5, TestContext.Current.CancellationToken);
        var kept = app.Services.GetRequiredKeyedService<IModelRunner>("n");

        sources.Remove(more);
        Assert.Null(WidthOf(app, "n"));
        using var request = CatalogHarness.Request(5);
        using var refused = await kept.RunAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(InferenceErrorCode.ModelNotFound, refused.Error?.Code);
        await Eventually.TrueAsync(() => _loader.Loaded.Single(static engine => engine.Metadata.Name == "n").Disposals == 1, TestContext.Current.CancellationToken);
        sources.Add(more);

        await Eventually.TrueAsync(() => WidthOf(app, "n") == 5, TestContext.Current.CancellationToken);
        Assert.Equal(4, await CatalogHarness.RunAsync(kept, 5));
    }

    [Theory]
    [InlineData("Models:m:MaxBatchSize", "0", "Models:m:MaxBatchSize is 0. Write at least 1.")]
    [InlineData("Models:m:MaxBatch", "5", "Models:m:MaxBatch is not an option of this version.")]
    [InlineData("Models:code:Path", "x", "Two models are called 'code'.")]
    [InlineData("Models:a b:Path", "x", "Models has 'a b'.")]
    public async Task Change_Wrong_IsSaidOnceAndTheModelsBeforeGoOn(string name, string value, string problem)
    {
        await using var app = await StartAsync();

        Change(app, (name, value));
        Change(app, (name, value));

        Assert.Contains(problem, Assert.Single(app.Log.Entries, static entry => entry.EventId == 1307).Message, StringComparison.Ordinal);
        Assert.Equal((4, 2), (WidthOf(app, "m"), _loader.Asked));
    }

    [Fact]
    public async Task Change_OfSomethingElse_LoadsNothing()
    {
        await using var app = await StartAsync();

        Change(app, ("Audit:QueueCapacity", "1000"));

        Assert.DoesNotContain(app.Log.Entries, static entry => entry.EventId == 1307);
        Assert.Equal(ModelReloadOutcome.Reloaded, (await app.Services.GetRequiredService<IModelCatalog>().ReloadAsync("m", TestContext.Current.CancellationToken)).Outcome);
        Assert.Equal(3, _loader.Asked);
    }

    private static void Change(GuardedApp app, params (string Name, string Value)[] settings)
    {
        var configuration = (IConfigurationRoot)app.Services.GetRequiredService<IConfiguration>();
        foreach (var (name, value) in settings)
        {
            configuration["SecureInference:" + name] = value;
        }

        configuration.Reload();
    }

    private static long? WidthOf(GuardedApp app, string model) =>
        app.Services.GetRequiredService<IModelCatalog>().TryGet(model, version: null, out var runner) ? runner.Metadata.Inputs[0].Shape[1] : null;

    private string Write(string name, string text)
    {
        var path = _folder.File(name);
        File.WriteAllText(path, text);
        return path;
    }

    private Task<GuardedApp> StartAsync(params (string Name, string Value)[] settings)
    {
        var all = settings.ToDictionary(static setting => setting.Name, static string? (setting) => setting.Value);
        all["Models:m:Path"] = Write("m", "4");
        return GuardedApp.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<IModelLoader>(_loader);
                if (settings is [])
                {
                    builder.Services.AddSingleton(new ModelRegistration("code", new ModelOptions { Path = Write("code", "4"), PollInterval = TimeSpan.Zero }));
                }
            },
            settings: all);
    }
}
