using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.Protocol;
using SecureInference.TestSupport;

namespace SecureInference.Load.Peers;

/// <summary>This product.</summary>
internal static class OurPeer
{
    /// <summary>More than any load takes: every request is counted, and none is refused.</summary>
    private const string Plenty = "1000000";

    public static (WebApplication App, string Key) Build(PeerSetup setup, string folder)
    {
        TestKeys.AddPepper(folder);
        var key = TestKeys.Add(Path.Combine(folder, "keys.json"), "load", [$"model:{PeerServer.Model}:infer"]);
        var app = Build(folder, setup.Settings);
        if (setup.Kind == PeerKind.OursUnaudited)
        {
            // In the audit log's place: the endpoint runs only where every guard has been.
            app.UseInferenceArrival();
            app.Use(static next => http =>
            {
                InferenceContext.Get(http).Mark(InferenceStage.Auditing, http.GetEndpoint());
                return next(http);
            });
            app.UseInferenceAuthentication();
            app.UseInferenceAuthorization();
            app.UseInferenceRateLimiting();
        }
        else
        {
            app.UseSecureInference();
        }

        app.MapSecureInference();
        return (app, key);
    }

    public static WebApplication BuildOpen(string folder)
    {
        TestKeys.AddPepper(folder);
        TestKeys.Add(Path.Combine(folder, "keys.json"), "load", [$"model:{PeerServer.Model}:infer"]);
        var app = Build(folder, []);
        var endpoint = app.Services.GetRequiredService<InferEndpoint>();
        app.Map("/v2/models/{model}/infer", (RequestDelegate)endpoint.InferAsync);
        return app;
    }

    private static WebApplication Build(string folder, IReadOnlyList<string> settings)
    {
        var builder = PeerServer.Prepare(WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = folder }));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SecureInference:ApiKeys:Store"] = "keys.json",
            ["SecureInference:ApiKeys:PepperFile"] = TestKeys.PepperName,
            ["SecureInference:RateLimits:Default:TokenLimit"] = Plenty,
            ["SecureInference:RateLimits:Default:TokensPerPeriod"] = Plenty,
            ["SecureInference:Audit:Directory"] = "audit",
            [$"SecureInference:Models:{PeerServer.Model}:Path"] = PeerServer.ModelPath,
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(static setting => setting.Split('=', 2)).Select(static pair => KeyValuePair.Create("SecureInference:" + pair[0], (string?)pair[1])));
        builder.Services.AddSecureInference(builder.Configuration.GetSection("SecureInference")).AddOnnxModels();
        var app = builder.Build();

        // As UseSecureInference() has it: else the platform would put its authentication before everything, where schemes are registered.
        IApplicationBuilder pipeline = app;
        pipeline.Properties["__AuthenticationMiddlewareSet"] = true;
        pipeline.Properties["__AuthorizationMiddlewareSet"] = true;
        return app;
    }
}
