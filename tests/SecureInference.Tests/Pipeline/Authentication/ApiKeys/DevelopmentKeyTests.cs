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

    private static Task<GuardedApp> StartAsync() =>
        GuardedApp.StartAsync(settings: new Dictionary<string, string?> { ["ApiKeys:Store"] = null });

    private static string KeyOf(GuardedApp app) => ((DevelopmentKey)app.Services.GetService(typeof(DevelopmentKey))!).Value!;

    private static async Task<int> AskAsync(GuardedApp app, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v2");
        request.Headers.Add("x-api-key", key);
        using var answer = await app.Stranger.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }
}
