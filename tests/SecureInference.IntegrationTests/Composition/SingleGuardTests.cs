using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Composition;

/// <summary>Each guard alone, in an app that has no model and no endpoint of ours.</summary>
public sealed class SingleGuardTests
{
    [Fact]
    public async Task UseInferenceArrival_Alone_RefusesOtherNetworks()
    {
        await using var app = await StartAsync(
            static app => app.UseInferenceArrival(), new() { ["Arrival:AllowedNetworks:0"] = "10.0.0.0/8" });

        using var response = await app.Stranger.GetAsync("/plain", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task UseInferenceArrival_Alone_LetsOthersThrough()
    {
        await using var app = await StartAsync(static app => app.UseInferenceArrival());

        Assert.Equal("nobody", await app.Stranger.GetStringAsync("/plain", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task UseInferenceAuditing_Alone_RecordsEveryRequest()
    {
        await using var app = await StartAsync(static app => app.UseInferenceAuditing());

        await app.Stranger.GetStringAsync("/plain", TestContext.Current.CancellationToken);

        var records = await app.StopAndReadAuditAsync();
        Assert.Equal(["decision", "outcome"], records.Select(static record => record.GetProperty("kind").GetString()));
        Assert.Equal("allow", records[0].GetProperty("decision").GetString());
        Assert.Equal(200, records[1].GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task UseInferenceAuthentication_Alone_LetsNobodyThroughWhomItDoesNotKnow()
    {
        await using var app = await StartAsync(static app => app.UseInferenceAuthentication());

        using var stranger = await app.Stranger.GetAsync("/plain", TestContext.Current.CancellationToken);
        var caller = await app.Client.GetStringAsync("/plain", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.Equal("tester", caller);
    }

    [Fact]
    public async Task UseInferenceAuthorization_Alone_RefusesEndpointsThatDemandACaller()
    {
        await using var app = await StartAsync(static app => app.UseInferenceAuthorization());

        using var guarded = await app.Client.GetAsync("/guarded", TestContext.Current.CancellationToken);
        var plain = await app.Stranger.GetStringAsync("/plain", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, guarded.StatusCode);
        Assert.Equal("nobody", plain);
    }

    [Fact]
    public async Task UseInferenceRateLimiting_Alone_LimitsStrangersByTheirNetwork()
    {
        await using var app = await StartAsync(
            static app => app.UseInferenceRateLimiting(),
            new()
            {
                ["RateLimits:Default:TokenLimit"] = "2",
                ["RateLimits:Default:TokensPerPeriod"] = "1",
                ["RateLimits:Default:ReplenishmentPeriod"] = "01:00:00",
            });

        var answers = new List<HttpResponseMessage>();
        for (var index = 0; index < 3; index++)
        {
            answers.Add(await app.Stranger.GetAsync("/plain", TestContext.Current.CancellationToken));
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], answers.Select(static answer => answer.StatusCode));
        Assert.NotNull(answers[2].Headers.RetryAfter);
        Assert.True(answers[0].Headers.Contains("RateLimit"));
    }

    [Fact]
    public async Task GuardedEndpoint_BehindSomeOfTheGuards_RefusesToRun()
    {
        await using var app = await StartAsync(static app => app.UseInferenceArrival().UseInferenceAuthentication().UseInferenceAuthorization());

        using var response = await app.Client.GetAsync("/guarded", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains(app.Log.Entries, static entry => entry.EventId == 1000 && entry.Message.Contains("(Auditing, RateLimiting)", StringComparison.Ordinal));
    }

    private static Task<GuardedApp> StartAsync(Action<WebApplication> use, Dictionary<string, string?>? settings = null) => GuardedApp.StartAsync(
        use: app =>
        {
            use(app);
            app.MapGet("/plain", static (HttpContext http) => http.User.Identity?.Name ?? "nobody");
            app.MapGet("/guarded", static () => "ran").RequireInferenceGuards("fake");
        },
        settings: settings);
}
