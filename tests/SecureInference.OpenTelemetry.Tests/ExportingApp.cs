using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using SecureInference.TestSupport;

namespace SecureInference.OpenTelemetry.Tests;

/// <summary>A guarded app with a model "digits", which sends its telemetry to a receiver.</summary>
internal sealed class ExportingApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TestFolder _folder;

    private ExportingApp(WebApplication app, TestFolder folder, string key)
    {
        _app = app;
        _folder = folder;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Client.DefaultRequestHeaders.Add("x-api-key", key);
    }

    /// <summary>Sends a key of the caller "tester".</summary>
    public HttpClient Client { get; }

    public static async Task<ExportingApp> StartAsync(OtlpReceiver receiver, string protocol, FakeModel model, Action<ISecureInferenceBuilder>? add = null)
    {
        var folder = new TestFolder();
        TestKeys.AddPepper(folder.Path);
        var key = TestKeys.Add(folder.File("keys.json"), "tester", ["model:*:infer"]);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = folder.Path });
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        builder.Logging.SetMinimumLevel(LogLevel.Information);

        // As the environment variables would be found there.
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.AddressOf(protocol),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
            ["SecureInference:ApiKeys:Store"] = "keys.json",
            ["SecureInference:ApiKeys:PepperFile"] = TestKeys.PepperName,
            ["SecureInference:Models:digits:Path"] = "d",
        });
        var guards = builder.Services.AddSecureInference(builder.Configuration.GetSection("SecureInference")).AddOpenTelemetry();
        guards.Services.AddSingleton<IModelLoader>(model);
        add?.Invoke(guards);
        var app = builder.Build();
        app.UseSecureInference();
        app.MapSecureInference();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ExportingApp(app, folder, key);
    }

    /// <summary>Asks the model; the body of its answer is returned.</summary>
    public async Task<string> InferAsync(string body, string? traceparent = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/digits/infer") { Content = new StringContent(body) };
        if (traceparent is not null)
        {
            request.Headers.Add("traceparent", traceparent);
        }

        using var answer = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Sends what there is, without waiting for the interval of any exporter.</summary>
    public async Task FlushAsync()
    {
        // Some of what is said of a request is said after its answer: the app is idle only once it has stopped.
        await _app.StopAsync(TestContext.Current.CancellationToken);
        Assert.True(_app.Services.GetRequiredService<TracerProvider>().ForceFlush(60_000));
        Assert.True(_app.Services.GetRequiredService<MeterProvider>().ForceFlush(60_000));
        Assert.True(_app.Services.GetRequiredService<LoggerProvider>().ForceFlush(60_000));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
