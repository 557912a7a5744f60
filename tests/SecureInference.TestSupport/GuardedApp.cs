using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SecureInference.TestSupport;

/// <summary>An app behind the guards on a real socket of the loopback interface, with a content root, a key store and an audit log of its own.</summary>
public sealed class GuardedApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TestFolder _folder;

    private GuardedApp(WebApplication app, TestFolder folder, string key, CollectedLog log)
    {
        _app = app;
        _folder = folder;
        Key = key;
        Log = log;
        Address = new Uri(app.Urls.First());
        Client = new HttpClient { BaseAddress = Address };
        Client.DefaultRequestHeaders.Add("x-api-key", key);
        Stranger = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    /// <summary>A key that may infer with every model; its owner is "tester".</summary>
    public string Key { get; }

    /// <summary>Sends <see cref="Key"/> with each request.</summary>
    public HttpClient Client { get; }

    /// <summary>Sends no credential.</summary>
    public HttpClient Stranger { get; }

    public CollectedLog Log { get; }

    public IServiceProvider Services => _app.Services;

    public string StorePath => _folder.File("keys.json");

    public string AuditFolder => _folder.File("audit");

    /// <summary>Starts an app.</summary>
    /// <param name="add">Adds models and changes options.</param>
    /// <param name="use">Composes the pipeline; all the guards and the protocol where it is not given.</param>
    /// <param name="settings">Settings of the section SecureInference, such as "RateLimits:Default:TokenLimit".</param>
    /// <param name="services">Adds other services.</param>
    /// <param name="environment">The hosting environment.</param>
    public static async Task<GuardedApp> StartAsync(
        Action<ISecureInferenceBuilder>? add = null,
        Action<WebApplication>? use = null,
        IReadOnlyDictionary<string, string?>? settings = null,
        Action<IServiceCollection>? services = null,
        string environment = "Development")
    {
        var folder = new TestFolder();
        TestKeys.AddPepper(folder.Path);
        var key = TestKeys.Add(folder.File("keys.json"), "tester", ["model:*:infer"]);
        var log = new CollectedLog();
        var app = Build(folder, log, add, settings, services, environment);
        try
        {
            if (use is null)
            {
                app.UseSecureInference();
                app.MapSecureInference();
            }
            else
            {
                use(app);
            }

            await app.StartAsync();
            return new GuardedApp(app, folder, key, log);
        }
        catch
        {
            await app.DisposeAsync();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Stops the app and reads what its audit log says of requests, to the end.</summary>
    public async Task<IReadOnlyList<JsonElement>> StopAndReadAuditAsync()
    {
        await _app.StopAsync();
        return AuditFiles.Read(AuditFolder);
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Stranger.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private static WebApplication Build(
        TestFolder folder,
        CollectedLog log,
        Action<ISecureInferenceBuilder>? add,
        IReadOnlyDictionary<string, string?>? settings,
        Action<IServiceCollection>? services,
        string environment)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = folder.Path, EnvironmentName = environment });
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Information);
        var values = new Dictionary<string, string?>
        {
            // No test means to be limited unless it says so.
            ["SecureInference:ApiKeys:Store"] = "keys.json",
            ["SecureInference:ApiKeys:PepperFile"] = TestKeys.PepperName,
            ["SecureInference:RateLimits:Default:TokenLimit"] = "1000000",
            ["SecureInference:RateLimits:Default:TokensPerPeriod"] = "1000000",
            ["SecureInference:RateLimits:FailedAuthentication:TokenLimit"] = "1000000",
            ["SecureInference:RateLimits:FailedAuthentication:TokensPerPeriod"] = "1000000",
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>())
        {
            values["SecureInference:" + name] = value;
        }

        builder.Configuration.AddInMemoryCollection(values);
        services?.Invoke(builder.Services);
        var guards = builder.Services.AddSecureInference(builder.Configuration.GetSection("SecureInference"));
        add?.Invoke(guards);
        return builder.Build();
    }
}
