using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SecureInference.IntegrationTests.Samples;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Limits;

/// <summary>Whatever a known caller is answered, it says where the caller stands, in fields that a strict reader takes.</summary>
public sealed class LimitFieldsTests
{
    private static readonly Dictionary<string, string> Everything = new()
    {
        ["Cost"] = "Rows",
        ["Default:TokenLimit"] = "20",
        ["Default:TokensPerPeriod"] = "7",
        ["Default:ReplenishmentPeriod"] = "00:01:00.5",
        ["Default:ConcurrencyLimit"] = "2",
        ["Default:DailyLimit"] = "1000",
        ["Default:Bytes:TokenLimit"] = "5000",
        ["Default:Bytes:TokensPerPeriod"] = "1",
        ["Default:Total:TokenLimit"] = "2147483647",
        ["Default:Total:TokensPerPeriod"] = "1000000",
        ["Models:fake:PerCaller:TokenLimit"] = "30",
        ["Models:fake:PerCaller:TokensPerPeriod"] = "1",
        ["Models:fake:PerCaller:ReplenishmentPeriod"] = "00:01:00",
        ["Models:fake:Total:TokenLimit"] = "40",
        ["Models:fake:Total:TokensPerPeriod"] = "1",
        ["FailedAuthentication:TokenLimit"] = "2",
        ["FailedAuthentication:TokensPerPeriod"] = "1",
        ["Tiers:gold.v-2_x:TokenLimit"] = "3",
    };

    public static TheoryData<string, string, string?, int> Answers => new()
    {
        { "GET", "/v2", null, 200 },
        { "GET", "/v2/models/fake", null, 200 },
        { "GET", "/v2/models/other", null, 404 },
        { "GET", "/v2/nothing", null, 404 },
        { "DELETE", "/v2/models/fake", null, 405 },
        { "POST", LimitedApp.Infer, LimitedApp.Json(2), 200 },
        { "POST", LimitedApp.Infer, "{", 400 },
        { "POST", LimitedApp.Infer, LimitedApp.Json(25), 400 },
        { "POST", LimitedApp.Infer, LimitedApp.Json(2) + new string(' ', 6000), 400 },
        { "POST", LimitedApp.Infer, "gzip", 400 },
        { "POST", LimitedApp.Infer, "br", 415 },
        { "GET", "/own", null, 200 },
        { "GET", "/broken", null, 500 },
        { "GET", "/admin", null, 403 },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Answer_ToAKnownCaller_TellsOfItsLimits(string verb, string path, string? body, int status)
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(verb), path) { Content = body is null ? null : InferBody.Text(body) };
        if (body is "gzip" or "br")
        {
            request.Content!.Headers.ContentEncoding.Add(body);
        }

        using var answer = await app.App.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)answer.StatusCode);
        var limits = LimitFields.Read(answer);
        Assert.NotNull(limits);
        Assert.Contains(limits.Policies, static policy => policy.Value is "default" && policy.Parameters["q"] is 20L && policy.Parameters["w"] is 173L);
        Assert.Contains(limits.Policies, static policy => policy.Value is "default-concurrency" && policy.Parameters["qu"] is "concurrent-requests");
        Assert.Contains(limits.Policies, static policy => policy.Value is "default-bytes" && policy.Parameters["qu"] is "content-bytes");
    }

    [Fact]
    public async Task Answer_EachLimitAtItsEnd_IsReadable()
    {
        await using var app = await StartAsync();
        var seen = new HashSet<string>();
        for (var request = 0; request < 40; request++)
        {
            var (answer, limits) = await app.PostAsync(LimitedApp.Rows(4));
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                seen.UnionWith(limits.Standings.Select(static item => (string)item.Value));
                app.Time.Advance(answer.Headers.RetryAfter!.Delta!.Value);
                Assert.All(limits.Standings, item => Assert.True((long)item.Parameters["t"] <= answer.Headers.RetryAfter.Delta.Value.TotalSeconds));
            }
        }

        Assert.Equal(["default", "model-fake"], seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Answer_ToOneOfATier_NamesTheTier()
    {
        await using var app = await StartAsync();
        var key = TestKeys.Add(app.App.StorePath, "rich", ["model:*:infer"], "gold.v-2_x");
        using var client = new HttpClient { BaseAddress = app.App.Address };
        client.DefaultRequestHeaders.Add("x-api-key", key);
        app.Time.Advance(TimeSpan.FromSeconds(5));
        LimitFields? limits = null;
        await Eventually.IsTrueAsync(
            async () =>
            {
                app.Time.Advance(TimeSpan.FromSeconds(1));
                using var answer = await client.GetAsync("/v2", TestContext.Current.CancellationToken);
                limits = LimitFields.Read(answer);
                return answer.IsSuccessStatusCode;
            },
            "the key is read");

        Assert.Equal(2, limits?.Left("gold.v-2_x"));
    }

    [Fact]
    public async Task Answer_ToOneWhoGuesses_TellsOfTheGuesses()
    {
        await using var app = await StartAsync();
        HttpResponseMessage? answer = null;
        for (var guess = 0; guess < 3; guess++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v2");
            request.Headers.Add("x-api-key", TestKeys.Unknown());
            answer = await app.App.Stranger.SendAsync(request, TestContext.Current.CancellationToken);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, answer!.StatusCode);
        Assert.Equal(0, LimitFields.Read(answer)?.Left("failed_authentication"));
    }

    private static Task<LimitedApp> StartAsync() => LimitedApp.StartAsync(Everything, map: static app =>
    {
        app.MapGet("/own", static () => "ran").RequireInferenceGuards("fake");
        app.MapGet("/broken", static () => Results.StatusCode(500)).RequireInferenceGuards("fake");
        app.MapGet("/admin", static () => "ran").RequireInferenceGuards("fake", "admin");
    });
}
