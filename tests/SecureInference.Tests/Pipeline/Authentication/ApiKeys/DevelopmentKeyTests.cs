using Microsoft.Extensions.DependencyInjection;
using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

public sealed class DevelopmentKeyTests
{
    [Fact]
    public async Task Start_NoStoreInDevelopment_MakesAKeyOfThisStartAndLogsItNowhere()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();

        Assert.NotEqual(KeyOf(first), KeyOf(second));
        Assert.Equal(200, await AskAsync(first, KeyOf(first)));
        Assert.Equal(403, await AskAsync(first, KeyOf(second)));
        Assert.DoesNotContain(first.Log.Entries, entry => entry.Message.Contains(KeyOf(first), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_StoreInDevelopment_MakesNone()
    {
        await using var app = await GuardedApp.StartAsync();

        Assert.Null(((DevelopmentKey)app.Services.GetService(typeof(DevelopmentKey))!).Value);
    }

    [Fact]
    public async Task Start_NoStoreInProduction_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync("Production"));

        Assert.Contains("No key store is configured", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoStoreInProductionButAnIssuer_KnowsCallersByTokensAlone()
    {
        var issuer = new FakeIssuer();
        await using var app = await StartAsync("Production", issuer);

        Assert.Null(((DevelopmentKey)app.Services.GetService(typeof(DevelopmentKey))!).Value);
        Assert.Equal(403, await AskAsync(app, app.Key));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v2");
        request.Headers.Add("Authorization", "Bearer " + issuer.Token());
        using var answer = await app.Stranger.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)answer.StatusCode);
    }

    private static Task<GuardedApp> StartAsync(string environment = "Development", FakeIssuer? issuer = null) => GuardedApp.StartAsync(
        guards => guards.AddJwtBearer(configureHandler: (_, handler) => handler.BackchannelHttpHandler = issuer),
        settings: issuer is null
            ? new Dictionary<string, string?> { ["ApiKeys:Store"] = null }
            : new Dictionary<string, string?> { ["ApiKeys:Store"] = null, ["Jwt:Issuers:0:Authority"] = issuer.Name, ["Jwt:Issuers:0:Audience"] = "inference" },
        environment: environment);

    private static string KeyOf(GuardedApp app) => ((DevelopmentKey)app.Services.GetService(typeof(DevelopmentKey))!).Value!;

    private static async Task<int> AskAsync(GuardedApp app, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v2");
        request.Headers.Add("x-api-key", key);
        using var answer = await app.Stranger.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }
}
