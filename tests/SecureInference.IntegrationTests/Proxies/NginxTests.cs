using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Proxies;

/// <summary>Behind a real proxy: the client it names is the one that everything looks at, and nobody else may name one.</summary>
public sealed class NginxTests
{
    /// <summary>Where NGINX connects from.</summary>
    private const string Proxy = "127.0.0.1";

    /// <summary>Plays a proxy before NGINX, so that clients have addresses that are not this machine's.</summary>
    private const string OuterProxy = "127.0.0.3";

    private const string Client = "127.0.0.2";
    private const string Stranger = "127.0.0.4";

    [Theory]
    [InlineData(Client, null, 200)]
    [InlineData(Stranger, null, 403)]
    [InlineData(Stranger, Client, 403)]
    [InlineData(Stranger, $"{Client}, {Proxy}", 403)]
    [InlineData(Client, Stranger, 200)]
    public async Task Send_AllowedNetworks_LooksAtWhoConnectedToTheProxy(string source, string? forged, int expected)
    {
        await using var app = await StartAsync([Proxy], ("Arrival:AllowedNetworks:0", $"{Client}/32"));
        using var nginx = await Nginx.StartAsync(app.Address);

        using var response = await SendAsync(nginx, app, source, forged);

        Assert.Equal(expected, (int)response.StatusCode);
    }

    [Fact]
    public async Task Send_HttpsEndsAtTheProxy_IsSeenAsHttps()
    {
        await using var app = await StartAsync([Proxy, OuterProxy]);
        using var nginx = await Nginx.StartAsync(app.Address);

        // From beyond loopback, where HTTPS is required.
        using var response = await SendAsync(nginx, app, OuterProxy, "203.0.113.9");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["max-age=31536000"], response.Headers.GetValues("Strict-Transport-Security"));
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
    }

    [Fact]
    public async Task Send_RequestsOfKnownCallers_AreRecordedByTheClientsNetwork()
    {
        await using var app = await StartAsync([Proxy, OuterProxy]);
        using (var nginx = await Nginx.StartAsync(app.Address))
        {
            (await SendAsync(nginx, app, OuterProxy, "203.0.113.9")).Dispose();
            (await SendAsync(nginx, app, OuterProxy, "198.51.100.66, 2001:db8::1")).Dispose();
            (await SendAsync(nginx, app, Stranger, "203.0.113.9")).Dispose();
        }

        var networks = (await app.StopAndReadAuditAsync()).Where(static record => record.GetProperty("kind").ValueEquals("decision"))
            .Select(static record => record.GetProperty("network").GetString());

        Assert.Equal(["203.0.113.0/24", "2001:db8::/56", "loopback"], networks);
    }

    [Fact]
    public async Task Send_Limits_CountByTheClientsNetwork()
    {
        await using var app = await StartAsync([Proxy, OuterProxy], ("RateLimits:FailedAuthentication:TokenLimit", "2"), ("RateLimits:FailedAuthentication:TokensPerPeriod", "1"), ("RateLimits:FailedAuthentication:ReplenishmentPeriod", "01:00:00"));
        using var nginx = await Nginx.StartAsync(app.Address);
        var statuses = new List<int>();

        foreach (var client in new[] { "203.0.113.9", "203.0.113.10", "203.0.113.11", "198.51.100.9" })
        {
            using var response = await SendAsync(nginx, app, OuterProxy, client, "/v2?fail");
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([200, 200, 429, 200], statuses);
    }

    [Fact]
    public async Task Send_ProxyIsNotListed_ItsHeadersAreIgnored()
    {
        await using var app = await StartAsync([], ("Arrival:AllowedNetworks:0", $"{Proxy}/32"));
        using (var nginx = await Nginx.StartAsync(app.Address))
        {
            using var response = await SendAsync(nginx, app, Stranger, "203.0.113.9");

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.False(response.Headers.Contains("Strict-Transport-Security"));
        }

        Assert.All(
            (await app.StopAndReadAuditAsync()).Where(static record => record.GetProperty("kind").ValueEquals("decision")),
            static record => Assert.Equal("loopback", record.GetProperty("network").GetString()));
    }

    private static async Task<HttpResponseMessage> SendAsync(Nginx nginx, GuardedApp app, string source, string? forwardedFor, string path = "/v2")
    {
        using var client = nginx.CreateClient(source);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("x-api-key", app.Key);
        if (forwardedFor is not null)
        {
            request.Headers.Add("X-Forwarded-For", forwardedFor);
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static Task<GuardedApp> StartAsync(string[] proxies, params (string Name, string Value)[] settings)
    {
        Assert.SkipWhen(Nginx.Program is null, "nginx is not installed.");
        var all = settings.ToDictionary(static setting => setting.Name, static setting => (string?)setting.Value);
        for (var index = 0; index < proxies.Length; index++)
        {
            all[$"Arrival:KnownProxies:{index}"] = proxies[index];
        }

        return EchoApp.StartAsync(
            FakeModel.Echo(),
            static app =>
            {
                // A stage that charges what a failed credential costs.
                app.UseSecureInference(static guards => guards.InsertAfter(InferenceStage.Arrival, static (http, next) =>
                    http.Request.Query.ContainsKey("fail") && http.RequestServices.GetRequiredService<ICallerLimits>().ChargeFailure(http) is { } error
                        ? ErrorResponse.WriteAsync(http, error)
                        : next(http)));
                app.MapSecureInference();
            },
            all);
    }
}
