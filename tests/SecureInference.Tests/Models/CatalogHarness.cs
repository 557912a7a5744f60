using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SecureInference.Models;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Models;

/// <summary>A catalog with one model, "m", whose files a test writes. Its clock goes only where the test says.</summary>
internal sealed class CatalogHarness : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ModelOptions _options;
    private ServiceProvider? _services;

    public CatalogHarness(string path = "m", params string[] versions) => _options = new ModelOptions { Path = path, Versions = versions };

    public ModelOptions Options => _options;

    public FileLoader Loader { get; } = new();

    public FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    public CollectedLog Log { get; } = new();

    public ModelCatalog Catalog => Services.GetRequiredService<ModelCatalog>();

    public Readiness Readiness => Services.GetRequiredService<Readiness>();

    public IModelRunner Model => Catalog.TryGet("m", version: null, out var runner) ? runner : throw new InvalidOperationException("m is not served.");

    public int Errors => Log.Entries.Count(static entry => entry.EventId == 1304);

    private ServiceProvider Services => _services ??= Build();

    public string File(string name) => _folder.File(name);

    /// <summary>Writes a file as those should who deploy: beside its place, and renamed.</summary>
    public CatalogHarness Write(string name, string text)
    {
        var path = File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path + ".new", text);
        System.IO.File.Move(path + ".new", path, overwrite: true);
        return this;
    }

    public async Task<CatalogHarness> StartAsync()
    {
        await Catalog.StartAsync(TestContext.Current.CancellationToken);
        return this;
    }

    /// <summary>Lets time pass until something is true.</summary>
    public async Task PassAsync(Func<bool> until)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(1));
        while (!until())
        {
            Time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, deadline.Token);
        }
    }

    /// <summary>Returns which load answers.</summary>
    public static async Task<long> RunAsync(IModelRunner runner, int width = 4)
    {
        using var request = Request(width);
        using var response = await runner.RunAsync(request, TestContext.Current.CancellationToken);
        Assert.Null(response.Error);
        return response.Outputs[0].GetValues<long>()[0];
    }

    public static InferenceRequest Request(int width = 4) => new(Tensor.Create("x", [1, width], new float[width]));

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        _folder.Dispose();
    }

    private ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(Log));
        services.AddSingleton<IHostEnvironment>(new HostingEnvironment { ContentRootPath = _folder.Path, EnvironmentName = "Development" });
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<IModelLoader>(Loader);
        services.AddSingleton(new ModelRegistration("m", _options));
        services.AddSecureInference(new ConfigurationBuilder().Build());
        return services.BuildServiceProvider();
    }
}
