using Microsoft.Extensions.DependencyInjection;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Models;

public sealed class ModelCatalogTests
{
    [Fact]
    public async Task Start_EngineButNoModel_SaysThatNothingIsServed()
    {
        await using var app = await GuardedApp.StartAsync(static builder => builder.Services.AddSingleton<IModelLoader>(FakeModel.Echo()));

        Assert.Single(app.Log.Entries, static entry => entry.EventId == 1302);
    }

    [Fact]
    public async Task Start_ModelsOfConfigurationAndCode_ServesAllInTheOrderOfTheirNames()
    {
        await using var app = await StartAsync(
            builder => builder.Services.AddSingleton(new ModelRegistration("alpha", new ModelOptions { Path = "a" })),
            new() { ["Models:zulu:Path"] = "z", ["Models:mike:Path"] = "m" });

        var catalog = app.Services.GetRequiredService<IModelCatalog>();

        Assert.Equal(["alpha", "mike", "zulu"], catalog.Models.Select(model => model.Metadata.Name));
    }

    [Theory]
    [InlineData("digits", null, true)]
    [InlineData("digits", "1", true)]
    [InlineData("digits", "2", false)]
    [InlineData("Digits", null, false)]
    [InlineData("", null, false)]
    public async Task TryGet_NameAndVersion_MustBothBeRight(string name, string? version, bool expected)
    {
        await using var app = await StartAsync(settings: new() { ["Models:digits:Path"] = "d" });

        Assert.Equal(expected, app.Services.GetRequiredService<IModelCatalog>().TryGet(name, version, out var runner));
        Assert.Equal(expected, runner is not null);
    }

    [Fact]
    public async Task Start_TwoModelsOfOneName_StopsTheStartAndNamesIt()
    {
        var exception = await Assert.ThrowsAsync<ModelLoadException>(() => StartAsync(
            builder => builder.Services.AddSingleton(new ModelRegistration("digits", new ModelOptions { Path = "a" })),
            new() { ["Models:digits:Path"] = "d" }));

        Assert.Equal("Two models are called 'digits'. Name one of them otherwise.", exception.Message);
    }

    [Fact]
    public async Task Start_NothingCanLoadAModel_NamesThePackage()
    {
        var exception = await Assert.ThrowsAsync<ModelLoadException>(
            () => GuardedApp.StartAsync(settings: new Dictionary<string, string?> { ["Models:digits:Path"] = "d" }));

        Assert.Contains("'digits'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("SecureInference.Onnx", exception.Message, StringComparison.Ordinal);
        Assert.Contains(".AddOnnxModels()", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NameThatIsNone_StopsTheStart()
    {
        var exception = await Assert.ThrowsAsync<ModelLoadException>(() => StartAsync(
            builder => builder.Services.AddSingleton(new ModelRegistration("a/b", new ModelOptions { Path = "a" }))));

        Assert.StartsWith("'a/b' is no name for a model.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models/digits.onnx", true)]
    [InlineData("/elsewhere/digits.onnx", false)]
    public async Task Start_Path_StartsAtTheContentRootWhereItIsRelative(string path, bool isBelowRoot)
    {
        var loader = new SeeingLoader();
        await using var app = await GuardedApp.StartAsync(
            builder => builder.Services.AddSingleton<IModelLoader>(loader), settings: new Dictionary<string, string?> { ["Models:digits:Path"] = path });

        var root = Path.GetDirectoryName(app.StorePath)!;

        Assert.Equal(isBelowRoot ? Path.Combine(root, path) : path, loader.Path);
    }

    [Fact]
    public async Task KeyedRunner_ModelThatIsServed_RunsBehindTheChecks()
    {
        await using var app = await StartAsync(settings: new() { ["Models:digits:Path"] = "d" });
        var runner = app.Services.GetRequiredKeyedService<IModelRunner>("digits");
        using var request = new InferenceRequest(Tensor.Create<float>("x", [1, 3], [1, 2, 3]));

        using var response = await runner.RunAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(InferenceErrorCode.TensorInvalid, response.Error?.Code);
    }

    [Fact]
    public async Task KeyedRunner_ModelThatIsNotServed_SaysHowToAddIt()
    {
        await using var app = await StartAsync();

        var exception = Assert.Throws<InvalidOperationException>(() => app.Services.GetRequiredKeyedService<IModelRunner>("digits"));

        Assert.Contains("There is no model 'digits'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_App_FreesEachModelOnce()
    {
        var model = FakeModel.Echo();

        await using (await GuardedApp.StartAsync(
            builder => builder.Services.AddSingleton<IModelLoader>(model), settings: new Dictionary<string, string?> { ["Models:digits:Path"] = "d" }))
        {
            Assert.Equal(0, model.Disposals);
        }

        Assert.Equal(1, model.Disposals);
    }

    private static Task<GuardedApp> StartAsync(Action<ISecureInferenceBuilder>? add = null, Dictionary<string, string?>? settings = null) => GuardedApp.StartAsync(
        builder =>
        {
            builder.Services.AddSingleton<IModelLoader>(new SeeingLoader());
            add?.Invoke(builder);
        },
        settings: settings);

    private sealed class SeeingLoader : IModelLoader
    {
        public string? Path { get; private set; }

        public ValueTask<IModelEngine> LoadAsync(string name, ModelOptions options, CancellationToken cancellationToken)
        {
            Path = options.Path;
            return FakeModel.Echo().LoadAsync(name, options, cancellationToken);
        }
    }
}
