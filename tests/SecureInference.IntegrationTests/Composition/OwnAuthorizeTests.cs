using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Composition;

/// <summary>An app's own <c>[Authorize]</c> endpoints know callers as the guards do.</summary>
public sealed class OwnAuthorizeTests
{
    private const int NextRequests = 1000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Authorize_GoodKey_IsItsOwner()
    {
        await using var app = await StartAsync();

        var claims = await app.Client.GetFromJsonAsync<string[]>("/own", Cancelled);

        Assert.Equal(["sub=tester"], claims!.Where(static claim => claim.StartsWith("sub", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Authorize_NoCredential_Is401WithOurBodyAndChallenges()
    {
        await using var app = await StartAsync();

        using var answer = await app.Stranger.GetAsync("/own", Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(["Bearer", "ApiKey"], answer.Headers.WwwAuthenticate.Select(static challenge => challenge.ToString()));
        Assert.Equal("urn:secureinference:error:credential_missing", await TypeOfAsync(answer));
    }

    [Theory]
    [InlineData("x-api-key", "si_live_wrong", HttpStatusCode.Forbidden, "credential_rejected")]
    [InlineData("Authorization", "Bearer wrong", HttpStatusCode.Unauthorized, "invalid_token")]
    public async Task Authorize_BadCredential_IsRefusedAsTheGuardsDo(string header, string value, HttpStatusCode status, string rule)
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/own");
        request.Headers.TryAddWithoutValidation(header, value);

        using var answer = await app.Stranger.SendAsync(request, Cancelled);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("urn:secureinference:error:" + rule, await TypeOfAsync(answer));
    }

    [Fact]
    public async Task Authorize_PolicyThatTheCallerDoesNotMeet_Is403WithOurBody()
    {
        await using var app = await StartAsync();

        using var answer = await app.Client.GetAsync("/boss", Cancelled);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("urn:secureinference:error:insufficient_scope", await TypeOfAsync(answer));
    }

    [Fact]
    public async Task Authorize_GuessesFromOneNetwork_Are429AndGoodKeysStillPass()
    {
        await using var app = await StartAsync(settings: new Dictionary<string, string?>
        {
            ["RateLimits:FailedAuthentication:TokenLimit"] = "3",
            ["RateLimits:FailedAuthentication:TokensPerPeriod"] = "1",
            ["RateLimits:FailedAuthentication:ReplenishmentPeriod"] = "01:00:00",
        });

        var own = new List<int>();
        for (var guess = 0; guess < 5; guess++)
        {
            own.Add(await GuessAsync(app, guess % 2 == 0 ? "/own" : "/v2"));
        }

        using var good = await app.Client.GetAsync("/own", Cancelled);

        Assert.Equal([403, 403, 403, 429, 429], own);
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
    }

    [Theory]
    [InlineData("/own")]
    [InlineData("/guarded")]
    public async Task Transformation_ThatAddsAClaimOnce_LeavesNoTraceInTheNextRequests(string path)
    {
        await using var app = await StartAsync(static services => services.AddSingleton<IClaimsTransformation, PromoteOnce>());

        var first = await app.Client.GetFromJsonAsync<string[]>("/own", Cancelled);
        for (var request = 0; request < NextRequests; request++)
        {
            var claims = await app.Client.GetFromJsonAsync<string[]>(path, Cancelled);
            Assert.DoesNotContain("role=admin", claims!);
        }

        Assert.Contains("role=admin", first!);
    }

    [Theory]
    [InlineData("/own")]
    [InlineData("/guarded")]
    public async Task User_MadeAdminByOneRequest_LeavesNoTraceInTheNextRequests(string path)
    {
        await using var app = await StartAsync();

        var first = await app.Client.GetFromJsonAsync<string[]>(path + "?promote=true", Cancelled);
        for (var request = 0; request < NextRequests; request++)
        {
            var claims = await app.Client.GetFromJsonAsync<string[]>(path, Cancelled);
            Assert.DoesNotContain("role=admin", claims!);
        }

        Assert.Contains("role=admin", first!);
    }

    [Fact]
    public async Task Authorize_OnAGuardedEndpoint_SeesTheCallerOfTheGuards()
    {
        await using var app = await StartAsync();

        using var good = await app.Client.GetAsync("/both", Cancelled);
        using var stranger = await app.Stranger.GetAsync("/both", Cancelled);

        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
    }

    private static async Task<int> GuessAsync(GuardedApp app, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("x-api-key", "guess");
        using var answer = await app.Stranger.SendAsync(request, Cancelled);
        return (int)answer.StatusCode;
    }

    private static async Task<string?> TypeOfAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("type").GetString();

    private static Task<GuardedApp> StartAsync(Action<IServiceCollection>? more = null, IReadOnlyDictionary<string, string?>? settings = null) =>
        GuardedApp.StartAsync(use: Use, settings: settings, services: services =>
        {
            services.AddAuthorization(static options => options.AddPolicy("boss", static policy => policy.RequireClaim("sub", "boss")));
            more?.Invoke(services);
        });

    private static void Use(WebApplication app)
    {
        app.UseSecureInference();
        app.MapSecureInference();
        app.MapGet("/own", Claims).RequireAuthorization();
        app.MapGet("/boss", Claims).RequireAuthorization("boss");
        app.MapGet("/guarded", Claims).RequireInferenceGuards("fake");
        app.MapGet("/both", Claims).RequireInferenceGuards("fake")
            .RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = SecureInferenceDefaults.AuthenticationScheme });
    }

    private static string[] Claims(HttpContext http, bool promote = false)
    {
        if (promote)
        {
            ((ClaimsIdentity)http.User.Identity!).AddClaim(new Claim("role", "admin"));
        }

        return [.. http.User.Claims.Select(static claim => $"{claim.Type}={claim.Value}").Order(StringComparer.Ordinal)];
    }

    private sealed class PromoteOnce : IClaimsTransformation
    {
        private int _count;

        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            if (Interlocked.Increment(ref _count) == 1)
            {
                ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim("role", "admin"));
            }

            return Task.FromResult(principal);
        }
    }
}
