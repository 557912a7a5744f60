using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Composition;

/// <summary>The endpoint for unknown paths is not in the way of the known ones.</summary>
public sealed class KnownPathTests
{
    /// <summary>The router says how many endpoints it considers for a path.</summary>
    private const string Router = "Microsoft.AspNetCore.Routing";

    [Theory]
    [InlineData("/v2/models/echo/infer")]
    [InlineData("/v2/models/echo/versions/1/ready")]
    [InlineData("/v2/models/echo")]
    [InlineData("/v2/nothing")]
    public async Task Send_AnyPath_RouterConsidersOneEndpoint(string path)
    {
        await using var app = await GuardedApp.StartAsync(services: static services => services.AddLogging(static logging => logging.AddFilter(Router, LogLevel.Debug)));

        using var answer = await app.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Contains(app.Log.Entries, entry => entry.Message.Contains($"1 candidate(s) found for the request path '{path}'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Send_OtherVerbOfTheAppsOwnEndpointBelowThePrefix_IsAnUnknownPath()
    {
        await using var app = await GuardedApp.StartAsync(use: static app =>
        {
            app.UseSecureInference();
            app.MapSecureInference();
            app.MapGet("/v2/own", static () => "ran");
        });

        using var own = await app.Stranger.GetAsync(new Uri("/v2/own", UriKind.Relative), TestContext.Current.CancellationToken);
        using var unknown = await app.Client.PostAsync(new Uri("/v2/own", UriKind.Relative), content: null, TestContext.Current.CancellationToken);
        using var stranger = await app.Stranger.PostAsync(new Uri("/v2/own", UriKind.Relative), content: null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
    }
}
