using Microsoft.Extensions.DependencyInjection;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Keys;

/// <summary>An app that looks at its key store often.</summary>
internal static class KeyApp
{
    public static Task<GuardedApp> StartAsync(params (string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string?> { ["Models:digits:Path"] = "d", ["ApiKeys:PollInterval"] = "00:00:00.050" };
        foreach (var (name, value) in settings)
        {
            values[name] = value;
        }

        return GuardedApp.StartAsync(static builder => builder.Services.AddSingleton<IModelLoader>(FakeModel.Echo()), settings: values);
    }

    /// <summary>Asks for what any caller may see.</summary>
    public static async Task<int> AskAsync(GuardedApp app, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v2");
        request.Headers.Add("x-api-key", key);
        using var response = await app.Stranger.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }
}
