using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.Models;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests;

public sealed class OnnxBuilderExtensionsTests
{
    [Fact]
    public async Task AddOnnxModels_Twice_RegistersOneLoaderThatLoads()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IModelReader, ModelReader>();
        new Builder(services).AddOnnxModels().AddOnnxModels();
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, OnnxModels.Scalar(), TestContext.Current.CancellationToken);

        var loader = Assert.Single(provider.GetServices<IModelLoader>());
        await using var engine = await loader.LoadAsync("scalar", new ModelOptions { Path = path }, TestContext.Current.CancellationToken);

        Assert.Equal("scalar", engine.Metadata.Name);
        File.Delete(path);
    }

    [Fact]
    public void AddOnnxModel_SeveralModels_RegistersEachWithItsOptions()
    {
        var services = new ServiceCollection();

        new Builder(services)
            .AddOnnxModel("digits", "models/digits.onnx", options => options.MaxBatchSize = 8)
            .AddOnnxModel("words", "models/words.onnx");

        using var provider = services.BuildServiceProvider();
        var models = provider.GetServices<ModelRegistration>().ToArray();
        Assert.Equal(["digits", "words"], models.Select(model => model.Name));
        Assert.Equal(["models/digits.onnx", "models/words.onnx"], models.Select(model => model.Options.Path));
        Assert.Equal([8, null], models.Select(model => model.Options.MaxBatchSize));
        Assert.Single(services, service => service.ServiceType == typeof(IModelLoader));
    }

    [Theory]
    [InlineData("", "a.onnx")]
    [InlineData("a", "")]
    public void AddOnnxModel_EmptyNameOrPath_Throws(string name, string path) =>
        Assert.Throws<ArgumentException>(() => new Builder(new ServiceCollection()).AddOnnxModel(name, path));

    private sealed record Builder(IServiceCollection Services) : ISecureInferenceBuilder
    {
        public IConfiguration? Configuration => null;
    }
}
