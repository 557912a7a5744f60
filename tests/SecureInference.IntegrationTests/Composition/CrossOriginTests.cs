using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Composition;

/// <summary>Browsers of other origins: the app's CORS policy answers their preflights before anybody asks for a key.</summary>
public sealed class CrossOriginTests
{
    private const string Origin = "https://page.example";

    [Fact]
    public async Task Preflight_AppUsesCors_IsAnsweredWithoutACredential()
    {
        await using var app = await StartAsync(usesCors: true);

        using var response = await SendAsync(app, HttpMethod.Options, Origin);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal([Origin], response.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Equal(["x-api-key"], response.Headers.GetValues("Access-Control-Allow-Headers"));
        Assert.Empty(await app.StopAndReadAuditAsync());
    }

    [Fact]
    public async Task Preflight_AppDoesNotUseCors_IsRefused()
    {
        await using var app = await StartAsync(usesCors: false);

        using var response = await SendAsync(app, HttpMethod.Options, Origin);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData(Origin, true)]
    [InlineData("https://elsewhere.example", false)]
    public async Task Refusal_AppUsesCors_CanBeReadByAllowedOriginsAlone(string origin, bool isAllowed)
    {
        await using var app = await StartAsync(usesCors: true);

        using var response = await SendAsync(app, HttpMethod.Post, origin);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(isAllowed, response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private static Task<GuardedApp> StartAsync(bool usesCors) => EchoApp.StartAsync(
        FakeModel.Echo(),
        app =>
        {
            if (usesCors)
            {
                app.UseCors();
            }

            app.UseSecureInference();
            app.MapSecureInference();
        },
        services: static services => services.AddCors(static options => options.AddDefaultPolicy(
            static policy => policy.WithOrigins(Origin).WithHeaders("x-api-key").WithMethods("POST"))));

    private static async Task<HttpResponseMessage> SendAsync(GuardedApp app, HttpMethod verb, string origin)
    {
        using var request = new HttpRequestMessage(verb, EchoApp.InferPath);
        request.Headers.Add("Origin", origin);
        if (verb == HttpMethod.Options)
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "x-api-key");
        }

        return await app.Stranger.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
