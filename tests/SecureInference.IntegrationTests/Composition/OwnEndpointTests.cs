using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Composition;

/// <summary>Endpoints of the app: guarded where they say so, left alone where they do not.</summary>
public sealed class OwnEndpointTests
{
    private static readonly Dictionary<string, string?> OneRequestAnHour = new()
    {
        ["RateLimits:Default:TokenLimit"] = "1",
        ["RateLimits:Default:TokensPerPeriod"] = "1",
        ["RateLimits:Default:ReplenishmentPeriod"] = "01:00:00",
    };

    [Fact]
    public async Task RequireInferenceGuards_RightKey_RunsAndIsRecorded()
    {
        var model = FakeModel.Echo();
        await using var app = await StartAsync(model);

        var answer = await app.Client.GetStringAsync("/own", TestContext.Current.CancellationToken);

        Assert.Equal("7", answer);
        Assert.Equal(1, model.Runs);
        var records = await app.StopAndReadAuditAsync();
        Assert.Equal(["decision", "outcome"], records.Select(static record => record.GetProperty("kind").GetString()));
        Assert.All(records, static record => Assert.Equal("tester", record.GetProperty("caller").GetString()));
        Assert.All(records, static record => Assert.Equal("fake", record.GetProperty("model").GetString()));
        Assert.All(records, static record => Assert.Equal("infer", record.GetProperty("operation").GetString()));
        Assert.Equal("allow", records[0].GetProperty("decision").GetString());
        Assert.Equal(200, records[1].GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task RequireInferenceGuards_NoKey_Returns401()
    {
        var model = FakeModel.Echo();
        await using var app = await StartAsync(model);

        using var response = await app.Stranger.GetAsync("/own", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(0, model.Runs);
    }

    [Theory]
    [InlineData("model:fake:read", HttpStatusCode.Forbidden)]
    [InlineData("model:other:infer", HttpStatusCode.Forbidden)]
    [InlineData("admin", HttpStatusCode.Forbidden)]
    [InlineData("model:fake:infer", HttpStatusCode.OK)]
    public async Task RequireInferenceGuards_OtherRights_Returns403(string scope, HttpStatusCode status)
    {
        var model = FakeModel.Echo();
        await using var app = await StartAsync(model);
        var key = await EchoApp.AddKeyAsync(app, "other", [scope], TestContext.Current.CancellationToken);

        using var response = await GetAsync(app, "/own", key);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK ? 1 : 0, model.Runs);
    }

    [Theory]
    [InlineData("infer", "admin", HttpStatusCode.Forbidden)]
    [InlineData("read", "model:fake:read", HttpStatusCode.OK)]
    [InlineData("read", "model:fake:infer", HttpStatusCode.OK)]
    [InlineData("admin", "model:fake:infer", HttpStatusCode.Forbidden)]
    [InlineData("admin", "admin", HttpStatusCode.OK)]
    public async Task RequireInferenceGuards_Operation_DemandsItsScope(string operation, string scope, HttpStatusCode status)
    {
        await using var app = await GuardedApp.StartAsync(use: app =>
        {
            app.UseSecureInference();
            app.MapGet("/own", static () => "ran").RequireInferenceGuards("fake", operation);
            app.MapSecureInference();
        });
        var key = await EchoApp.AddKeyAsync(app, "other", [scope], TestContext.Current.CancellationToken);

        using var response = await GetAsync(app, "/own", key);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task RequireInferenceGuards_LimitUsedUp_Returns429()
    {
        var model = FakeModel.Echo();
        await using var app = await StartAsync(model, OneRequestAnHour);
        (await app.Client.GetAsync("/own", TestContext.Current.CancellationToken)).Dispose();

        using var response = await app.Client.GetAsync("/own", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(1, model.Runs);
    }

    [Fact]
    public async Task RequireInferenceGuards_OnAGroup_GuardsEachOfItsEndpoints()
    {
        await using var app = await GuardedApp.StartAsync(use: static app =>
        {
            app.UseSecureInference();
            var group = app.MapGroup("/own").RequireInferenceGuards("fake");
            group.MapGet("/a", static () => "ran");
            group.MapPost("/b", static () => "ran");
        });

        foreach (var (verb, path) in new[] { (HttpMethod.Get, "/own/a"), (HttpMethod.Post, "/own/b") })
        {
            using var request = new HttpRequestMessage(verb, path);
            using var stranger = await app.Stranger.SendAsync(request, TestContext.Current.CancellationToken);
            using var again = new HttpRequestMessage(verb, path);
            using var caller = await app.Client.SendAsync(again, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
            Assert.Equal(HttpStatusCode.OK, caller.StatusCode);
        }
    }

    [Fact]
    public async Task RequireInferenceGuards_HandlerThrows_IsRecordedAs500AndTheAppSeesIt()
    {
        Exception? seen = null;
        await using var app = await GuardedApp.StartAsync(use: app =>
        {
            app.Use(async (http, next) =>
            {
                try
                {
                    await next(http);
                }
                catch (InvalidTimeZoneException exception)
                {
                    seen = exception;
                    http.Response.StatusCode = StatusCodes.Status500InternalServerError;
                }
            });
            app.UseSecureInference();
            app.MapGet("/own", string () => throw new InvalidTimeZoneException()).RequireInferenceGuards("fake");
        });

        using var response = await app.Client.GetAsync("/own", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.NotNull(seen);
        var records = await app.StopAndReadAuditAsync();
        Assert.Equal(["decision", "outcome"], records.Select(static record => record.GetProperty("kind").GetString()));
        Assert.Equal("allow", records[0].GetProperty("decision").GetString());
        Assert.Equal(500, records[1].GetProperty("status").GetInt32());
    }

    [Theory]
    [InlineData("", "infer")]
    [InlineData("no name", "infer")]
    [InlineData("../fake", "infer")]
    [InlineData("*", "infer")]
    [InlineData("fake", "")]
    [InlineData("fake", "Infer")]
    [InlineData("fake", "run")]
    [InlineData("fake", "health")]
    public async Task RequireInferenceGuards_Misspelt_StopsTheStart(string model, string operation)
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => GuardedApp.StartAsync(
            use: app => app.MapGet("/own", static () => "ran").RequireInferenceGuards(model, operation)));

        Assert.Contains(operation.Length != 0 && model != "fake" ? $"'{model}'" : $"'{operation}'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnguardedEndpoint_BehindUseSecureInference_IsNeitherLimitedNorRecorded()
    {
        await using var app = await StartAsync(FakeModel.Echo(), OneRequestAnHour);

        for (var index = 0; index < 5; index++)
        {
            using var response = await app.Client.GetAsync("/plain", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.False(response.Headers.Contains("RateLimit"));
        }

        using var missing = await app.Stranger.GetAsync("/missing", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Empty(await app.StopAndReadAuditAsync());
    }

    private static Task<GuardedApp> StartAsync(FakeModel model, Dictionary<string, string?>? settings = null) => EchoApp.StartAsync(
        model,
        static app =>
        {
            app.UseSecureInference();
            app.MapGet("/own", static async ([FromKeyedServices("fake")] IModelRunner runner, CancellationToken cancelled) =>
            {
                using var request = new InferenceRequest(Tensor.Create<float>("x", [1, 4], [7, 0, 0, 0]));
                using var answer = await runner.RunAsync(request, cancelled);
                return answer.Outputs[0].GetValues<float>()[0].ToString(CultureInfo.InvariantCulture);
            }).RequireInferenceGuards("fake");
            app.MapGet("/plain", static () => "plain");
            app.MapSecureInference();
        },
        settings);

    private static async Task<HttpResponseMessage> GetAsync(GuardedApp app, string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("x-api-key", key);
        return await app.Stranger.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
