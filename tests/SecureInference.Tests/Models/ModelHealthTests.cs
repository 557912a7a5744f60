using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.Tests.Protocol;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Models;

/// <summary>What probes are told of a model that fails.</summary>
public sealed class ModelHealthTests
{
    private readonly SickRunners _runners = new();

    [Fact]
    public async Task Ready_ModelThatFails_IsSaidOfTheModelByName()
    {
        await using var app = await StartAsync();
        _runners.Sick = "m";

        using var sick = await app.Client.GetAsync("/v2/models/m/ready", TestContext.Current.CancellationToken);
        using var well = await app.Client.GetAsync("/v2/models/n/ready", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, sick.StatusCode);
        using var json = JsonDocument.Parse(await sick.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("m", false), (json.RootElement.GetProperty("name").GetString(), json.RootElement.GetProperty("ready").GetBoolean()));
        Assert.Equal("Model 'm' fails its requests at the moment.", json.RootElement.GetProperty("error").GetString());
        Assert.Equal("""{"name":"n","ready":true}""", (await well.ReadJsonAsync()).GetRawText());
    }

    [Fact]
    public async Task Ready_OfTheServer_SaysThatAModelFailsAndNotWhich()
    {
        await using var app = await StartAsync();
        _runners.Sick = "m";

        using var sick = await app.Stranger.GetAsync("/v2/health/ready", TestContext.Current.CancellationToken);
        _runners.Sick = null;
        using var well = await app.Stranger.GetAsync("/v2/health/ready", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, sick.StatusCode);
        Assert.Equal("""{"ready":false,"live":true,"error":"A model fails its requests at the moment."}""", await sick.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.OK, well.StatusCode);
    }

    [Fact]
    public async Task Ready_ModelThatFails_IsStillAskedSoThatItCanRecover()
    {
        await using var app = await StartAsync();
        _runners.Sick = "m";

        Assert.Equal(1, await CatalogHarness.RunAsync(app.Services.GetRequiredKeyedService<IModelRunner>("m")));
    }

    private Task<GuardedApp> StartAsync()
    {
        var folder = new TestFolder();
        File.WriteAllText(folder.File("model.onnx"), "4");
        return GuardedApp.StartAsync(builder =>
        {
            builder.Services.AddSingleton(_ => folder);
            builder.Services.AddSingleton<IModelLoader>(new FileLoader());
            builder.Services.AddSingleton<IModelRunnerFactory>(services => _runners);
            builder.Services.AddSingleton(new ModelRegistration("m", new ModelOptions { Path = folder.File("model.onnx"), PollInterval = TimeSpan.Zero }));
            builder.Services.AddSingleton(new ModelRegistration("n", new ModelOptions { Path = folder.File("model.onnx"), PollInterval = TimeSpan.Zero }));
        });
    }

    private sealed class SickRunners : IModelRunnerFactory
    {
        public string? Sick { get; set; }

        public ValueTask<IServedModel> CreateAsync(IModelEngine engine, ModelOptions options, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IServedModel>(new SickRunner(this, engine));
    }

    private sealed class SickRunner(SickRunners all, IModelEngine engine) : IServedModel
    {
        public ModelMetadata Metadata => engine.Metadata;

        public void Announce()
        {
        }

        public void Withdraw()
        {
        }

        public InferenceError? CheckHead(TensorSpec spec, TensorDataType dataType, ReadOnlySpan<long> shape) => null;

        public InferenceError? Check(InferenceRequest request) => null;

        public ValueTask<InferenceResponse> RunCheckedAsync(InferenceRequest request, CancellationToken cancellationToken) => engine.RunAsync(request, cancellationToken);

        public ValueTask<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default) => engine.RunAsync(request, cancellationToken);

        public InferenceError? FindUnready() => all.Sick == Metadata.Name ? InferenceErrors.ModelUnavailable(Metadata.Name) : null;

        public ValueTask DisposeAsync() => engine.DisposeAsync();
    }
}
