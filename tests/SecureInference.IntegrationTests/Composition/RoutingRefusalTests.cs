using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Composition;

/// <summary>What the platform's routing answers on an app's own endpoint before any guard: a wrong verb, a wrong kind of body. Nothing of the app runs.</summary>
public sealed class RoutingRefusalTests
{
    private int _runs;

    [Theory]
    [InlineData("GET", null, HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", "application/json", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("POST", "application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    public async Task OwnEndpoint_WrongVerbOrBody_IsAnsweredByRoutingAndReachesNoHandler(string verb, string? contentType, HttpStatusCode expected)
    {
        await using var app = await StartAsync();

        using var byStranger = await SendAsync(app.Stranger, verb, contentType);
        using var byCaller = await SendAsync(app.Client, verb, contentType);

        Assert.Equal((expected, expected), (byStranger.StatusCode, byCaller.StatusCode));
        Assert.All([byStranger, byCaller], static answer =>
        {
            Assert.False(answer.Headers.Contains("RateLimit"));
            Assert.Equal(0, answer.Content.Headers.ContentLength);
        });
        Assert.Equal(0, _runs);
        Assert.Empty(await app.StopAndReadAuditAsync());
    }

    [Theory]
    [InlineData("application/json", HttpStatusCode.OK, 1)]
    [InlineData(null, HttpStatusCode.UnsupportedMediaType, 0)]
    public async Task OwnEndpoint_RightVerb_MeetsTheGuardsFirst(string? contentType, HttpStatusCode expected, int runs)
    {
        await using var app = await StartAsync();

        using var byStranger = await SendAsync(app.Stranger, "POST", contentType);
        var before = _runs;
        using var byCaller = await SendAsync(app.Client, "POST", contentType);

        Assert.Equal((HttpStatusCode.Unauthorized, expected), (byStranger.StatusCode, byCaller.StatusCode));
        Assert.Equal((0, runs), (before, _runs));
        Assert.True(byCaller.Headers.Contains("RateLimit"));
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string verb, string? contentType)
    {
        var request = new HttpRequestMessage(new HttpMethod(verb), "/own");
        if (verb != "GET")
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}"));
            request.Content.Headers.ContentType = contentType is null ? null : new MediaTypeHeaderValue(contentType);
        }

        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    // In Development the platform throws where a body cannot be read, and the headers of the answer are lost.
    private Task<GuardedApp> StartAsync() => GuardedApp.StartAsync(
        use: web =>
        {
            web.UseSecureInference();
            web.MapPost("/own", (Sent sent) => Interlocked.Increment(ref _runs)).RequireInferenceGuards("fake");
        },
        environment: "Production");

    private sealed record Sent(int[]? Numbers);
}
