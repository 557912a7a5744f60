using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Benchmarks.Pieces;

/// <summary>An app that runs, with the digits model and one key, whose parts are measured.</summary>
internal sealed class PieceApp : IAsyncDisposable
{
    public const string Model = "digits";

    private readonly string _folder;
    private readonly WebApplication _app;

    private PieceApp(string folder, WebApplication app, string key) => (_folder, _app, Key) = (folder, app, key);

    public string Key { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<PieceApp> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("secure-inference-benchmark-").FullName;
        var row = new ApiKeyIssuer(static () => ApiKeyPeppers.None).Create(
            new ApiKeyRow { Id = "", Environment = ApiKey.Live, Owner = "bench", Scopes = [$"model:{Model}:infer"], Created = TimeProvider.System.GetUtcNow(), Secrets = [] },
            expires: null,
            out var key);
        (ApiKeyFile.Empty with { Generation = 1, Keys = [row] }).Write(Path.Combine(folder, "keys.json"));
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = folder, EnvironmentName = "Production" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSecureInference(static options =>
        {
            options.ApiKeys.Store = "keys.json";
            options.RateLimits.Default.TokenLimit = int.MaxValue;
            options.RateLimits.Default.TokensPerPeriod = 1_000_000;
            options.Models[Model] = new ModelOptions { Path = Path.Combine(AppContext.BaseDirectory, "digits.onnx") };
        }).AddOnnxModels();
        var app = builder.Build();
        app.UseSecureInference();
        app.MapSecureInference();
        await app.StartAsync();
        return new PieceApp(folder, app, key);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
