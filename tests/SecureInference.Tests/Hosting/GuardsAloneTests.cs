using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Hosting;

/// <summary>Each guard serves alone, in an app that has no model and no endpoint of ours.</summary>
public sealed class GuardsAloneTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.0/8", HttpStatusCode.OK)]
    [InlineData("10.0.0.0/8", HttpStatusCode.Forbidden)]
    public async Task Arrival_Alone_RefusesOtherNetworks(string network, HttpStatusCode expected)
    {
        await using var app = await StartAsync(app => app.UseInferenceArrival(), new() { ["Arrival:AllowedNetworks:0"] = network });

        using var answer = await app.Stranger.GetAsync("/", Cancelled);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Auditing_Alone_RecordsEachRequest()
    {
        await using var app = await StartAsync(app => app.UseInferenceAuditing());
        using var answer = await app.Stranger.GetAsync("/", Cancelled);

        var records = await app.StopAndReadAuditAsync();

        Assert.Equal(["decision", "outcome"], records.Select(record => record.GetProperty("kind").GetString()));
        Assert.Equal(200, records[1].GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Authentication_Alone_LetsNobodyThroughWhomItDoesNotKnow()
    {
        await using var app = await StartAsync(app => app.UseInferenceAuthentication());

        using var stranger = await app.Stranger.GetAsync("/", Cancelled);
        var known = await app.Client.GetStringAsync("/", Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.Equal("hello tester", known);
    }

    [Fact]
    public async Task Authorization_Alone_RefusesGuardedEndpointsAndPassesOthersBy()
    {
        await using var app = await StartAsync(app =>
        {
            app.UseInferenceAuthorization();
            app.MapGet("/guarded", () => "inside").RequireInferenceGuards("digits");
        });

        using var guarded = await app.Client.GetAsync("/guarded", Cancelled);
        using var open = await app.Stranger.GetAsync("/", Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, guarded.StatusCode);
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
    }

    [Fact]
    public async Task RateLimiting_Alone_LimitsStrangersByNetwork()
    {
        await using var app = await StartAsync(
            app => app.UseInferenceRateLimiting(),
            new()
            {
                ["RateLimits:Default:TokenLimit"] = "2",
                ["RateLimits:Default:TokensPerPeriod"] = "1",
                ["RateLimits:Default:ReplenishmentPeriod"] = "01:00:00",
            });

        var statuses = new List<HttpStatusCode>();
        for (var index = 0; index < 3; index++)
        {
            using var answer = await app.Stranger.GetAsync("/", Cancelled);
            statuses.Add(answer.StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses);
    }

    [Fact]
    public async Task AllOfThem_OneByOne_GuardAnEndpointAsUseSecureInferenceDoes()
    {
        await using var app = await StartAsync(app =>
        {
            app.UseRouting();
            app.UseInferenceArrival().UseInferenceAuditing().UseInferenceAuthentication().UseInferenceAuthorization().UseInferenceRateLimiting();
            app.MapGet("/guarded", (HttpContext http) => "inside " + http.User.Identity?.Name).RequireInferenceGuards("digits");
        });

        using var stranger = await app.Stranger.GetAsync("/guarded", Cancelled);
        using var known = await app.Client.GetAsync("/guarded", Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.Equal("inside tester", await known.Content.ReadAsStringAsync(Cancelled));
        Assert.True(known.Headers.Contains("RateLimit"));
    }

    [Theory]
    [InlineData(InferenceStage.Arrival)]
    [InlineData(InferenceStage.Auditing)]
    [InlineData(InferenceStage.Authentication)]
    [InlineData(InferenceStage.Authorization)]
    [InlineData(InferenceStage.RateLimiting)]
    public async Task AllButOne_OneByOne_TheGuardedEndpointRefusesToRun(InferenceStage missing)
    {
        var runs = 0;
        await using var app = await StartAsync(app =>
        {
            app.UseRouting();
            foreach (var stage in Enum.GetValues<InferenceStage>().Where(stage => stage != missing))
            {
                Guards.Use[stage](app);
            }

            app.MapGet("/guarded", () => runs++).RequireInferenceGuards("digits");
        });

        using var answer = await app.Client.GetAsync("/guarded", Cancelled);

        Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, runs);
    }

    private static Task<GuardedApp> StartAsync(Action<WebApplication> use, Dictionary<string, string?>? settings = null) => GuardedApp.StartAsync(
        use: app =>
        {
            use(app);
            app.MapGet("/", (HttpContext http) => "hello " + http.User.Identity?.Name);
        },
        settings: settings);
}
