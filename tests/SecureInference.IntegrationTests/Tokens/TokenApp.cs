using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Tokens;

/// <summary>An app with one model, "fake", that takes tokens of the servers it is told of.</summary>
internal static class TokenApp
{
    public static Task<GuardedApp> StartAsync(FakeModel model, LoopbackAuthority trusted, params OpenIdServer[] servers)
    {
        var settings = new Dictionary<string, string?>();
        for (var index = 0; index < servers.Length; index++)
        {
            settings[$"Jwt:Issuers:{index}:Authority"] = servers[index].Address.ToString();
            settings[$"Jwt:Issuers:{index}:Audience"] = "inference";
        }

        return GuardedApp.StartAsync(
            guards =>
            {
                EchoApp.Add(guards, model);
                guards.AddJwtBearer(configureHandler: (_, handler) =>
                {
                    handler.BackchannelHttpHandler = trusted.CreateHandler();

                    // The least that the platform allows.
                    handler.RefreshInterval = TimeSpan.FromSeconds(1);
                });
            },
            settings: settings);
    }

    public static Task<HttpStatusCode> InferAsync(GuardedApp app, string token, CancellationToken cancellationToken) =>
        SendAsync(app, new HttpRequestMessage(HttpMethod.Post, EchoApp.InferPath) { Content = EchoApp.Content() }, token, cancellationToken);

    /// <summary>Asks what any caller may ask, and nothing that runs a model.</summary>
    public static Task<HttpStatusCode> DiscoverAsync(GuardedApp app, string token, CancellationToken cancellationToken) =>
        SendAsync(app, new HttpRequestMessage(HttpMethod.Get, "/v2"), token, cancellationToken);

    private static async Task<HttpStatusCode> SendAsync(GuardedApp app, HttpRequestMessage request, string token, CancellationToken cancellationToken)
    {
        using (request)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await app.Stranger.SendAsync(request, cancellationToken);
            return answer.StatusCode;
        }
    }
}
