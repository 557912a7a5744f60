using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Benchmarks;

/// <summary>What does it cost to authenticate and authorize a request with an API key, by our two guards and by the platform's two with a key handler?</summary>
/// <remarks>Both run in an <see cref="HttpContext"/> that is kept from request to request, as Kestrel does. The platform resolves its handler from the
/// request's services, which makes a scope; ours needs none.</remarks>
[MemoryDiagnoser]
public class AuthenticationBenchmark
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secure-inference-benchmark-").FullName;
    private readonly DefaultHttpContext _http = new();
    private ServiceProvider? _ourServices;
    private ServiceProvider? _platformServices;
    private RequestDelegate _ours = static _ => Task.CompletedTask;
    private RequestDelegate _platform = static _ => Task.CompletedTask;
    private Endpoint? _ourEndpoint;
    private Endpoint? _platformEndpoint;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        var store = Path.Combine(_folder, "keys.json");
        var row = new ApiKeyIssuer(static () => ApiKeyPeppers.None).Create(
            new ApiKeyRow { Id = "", Environment = ApiKey.Live, Owner = "bench", Scopes = ["model:digits:infer"], Created = TimeProvider.System.GetUtcNow(), Secrets = [] },
            expires: null,
            out var key);
        (ApiKeyFile.Empty with { Generation = 1, Keys = [row] }).Write(store);
        _http.Request.Headers["x-api-key"] = key;
        _ourServices = await BuildOursAsync(store);
        _platformServices = BuildPlatform(key);
    }

    [Benchmark(Baseline = true)]
    public Task Platform()
    {
        _http.SetEndpoint(_platformEndpoint);
        _http.ServiceScopeFactory = _platformServices!.GetRequiredService<IServiceScopeFactory>();
        var task = _platform(_http);
        (_http.Features.Get<IServiceProvidersFeature>() as IDisposable)?.Dispose();
        _http.Features.Set<IServiceProvidersFeature>(null);
        _http.Features.Set<IHttpAuthenticationFeature>(null);
        _http.Features.Set<IAuthenticateResultFeature>(null);
        _http.Features.Set<IAuthenticationFeature>(null);
        return task;
    }

    [Benchmark]
    public Task Guards()
    {
        _http.SetEndpoint(_ourEndpoint);
        var task = _ours(_http);
        _http.Features.Set<InferenceContext>(null);
        _http.Features.Set<IHttpAuthenticationFeature>(null);
        return task;
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        await _ourServices!.DisposeAsync();
        await _platformServices!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static Task Reach(HttpContext http) =>
        http.Response.HasStarted || http.Response.StatusCode != 200 ? throw new InvalidOperationException("Refused.") : Task.CompletedTask;

    private async Task<ServiceProvider> BuildOursAsync(string store)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IHostEnvironment>(new HostingEnvironment { EnvironmentName = "Production", ContentRootPath = _folder, ContentRootFileProvider = new NullFileProvider() });
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSecureInference(options =>
        {
            options.ApiKeys.Store = store;
            options.Audit.Directory = Path.Combine(_folder, "audit");
        });
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<ApiKeyStore>().CheckAsync(CancellationToken.None);
        var app = new ApplicationBuilder(provider);
        app.UseInferenceAuthentication();
        app.UseInferenceAuthorization();
        app.Run(static http => InferenceContext.Get(http).HasPassed(InferenceStage.Authorization, http.GetEndpoint()) ? Reach(http) : throw new InvalidOperationException("Refused."));
        _ours = app.Build();
        _ourEndpoint = new Endpoint(
            Reach, new EndpointMetadataCollection(new InferenceEndpointMetadata(InferenceOperation.Infer, "digits", ModelParameter: null)), "digits");
        return provider;
    }

    private ServiceProvider BuildPlatform(string key)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddRouting();
        services.AddAuthentication("ApiKey").AddScheme<PlatformKeyOptions, PlatformKeyHandler>("ApiKey", options => options.Add(key, "bench", "model:digits:infer"));
        services.AddAuthorization(static options => options.AddPolicy("infer", static policy => policy.RequireClaim("scope", "model:digits:infer")));
        var provider = services.BuildServiceProvider();
        var app = new ApplicationBuilder(provider);
        app.UseAuthentication();
        app.UseAuthorization();
        app.Run(static http => http.User.Identity?.IsAuthenticated == true ? Reach(http) : throw new InvalidOperationException("Refused."));
        _platform = app.Build();
        _platformEndpoint = new Endpoint(Reach, new EndpointMetadataCollection(new AuthorizeAttribute("infer")), "digits");
        return provider;
    }
}
