using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureInference.TestSupport;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>Two apps with the same route: one with the guards, but for the audit log, and a model; and one that reads the body and answers a constant.</summary>
internal static class PathApp
{
    public const string Model = "mlp";
    public const string Route = "/v2/models/{model}/infer";

    public static async Task<(WebApplication App, string Key)> StartGuardedAsync(TestFolder folder, int columns)
    {
        await File.WriteAllBytesAsync(folder.File("mlp.onnx"), OnnxModels.Mlp(columns, 64, 10), TestContext.Current.CancellationToken);
        var key = TestKeys.Add(folder.File("keys.json"), "caller", [$"model:{Model}:infer"]);
        var builder = Prepare(folder.Path);
        builder.Services.AddSecureInference(options =>
        {
            options.ApiKeys.Store = folder.File("keys.json");
            options.RateLimits.Default.TokenLimit = 1_000_000;
            options.RateLimits.Default.TokensPerPeriod = 1_000_000;
            options.Audit.Directory = folder.File("audit");
        }).AddOnnxModel(Model, folder.File("mlp.onnx"));
        var app = builder.Build();

        // As UseSecureInference() has it: else the platform would put its authentication before everything, where schemes are registered.
        IApplicationBuilder pipeline = app;
        pipeline.Properties["__AuthenticationMiddlewareSet"] = true;
        pipeline.Properties["__AuthorizationMiddlewareSet"] = true;
        app.UseInferenceArrival();
        app.Use(static next => http =>
        {
            // In the audit log's place: the endpoint runs only where every guard has been.
            InferenceContext.Get(http).Mark(InferenceStage.Auditing, http.GetEndpoint());
            return next(http);
        });
        app.UseInferenceAuthentication();
        app.UseInferenceAuthorization();
        app.UseInferenceRateLimiting();
        app.MapSecureInference();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return (app, key);
    }

    public static async Task<WebApplication> StartBareAsync(string folder, byte[] answer)
    {
        var app = Prepare(folder).Build();
        app.Map(Route, (RequestDelegate)(async http =>
        {
            while (await http.Request.BodyReader.ReadAsync() is var read)
            {
                http.Request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }

            http.Response.ContentType = "application/json";
            http.Response.ContentLength = answer.Length;
            answer.CopyTo(http.Response.BodyWriter.GetSpan(answer.Length));
            http.Response.BodyWriter.Advance(answer.Length);
        }));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static WebApplicationBuilder Prepare(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = folder });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning);
        return builder;
    }
}
