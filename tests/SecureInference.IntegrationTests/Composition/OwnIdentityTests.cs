using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Composition;

/// <summary>An app with an identity of its own, beside the guards or in place of one.</summary>
public sealed class OwnIdentityTests
{
    [Fact]
    public async Task User_DefaultSchemeKnowsAnother_IsStillTheCaller()
    {
        await using var app = await GuardedApp.StartAsync(
            use: static app =>
            {
                app.UseSecureInference();
                app.MapGet("/own", static (HttpContext http) => http.User.FindFirst("sub")?.Value).RequireInferenceGuards("fake");
                app.MapGet("/plain", static (HttpContext http) => http.User.FindFirst("sub")?.Value);
            },
            services: static services => services.AddAuthentication("Mallory").AddScheme<AuthenticationSchemeOptions, MalloryHandler>("Mallory", null));

        var guarded = await app.Client.GetStringAsync("/own", TestContext.Current.CancellationToken);
        var plain = await app.Client.GetStringAsync("/plain", TestContext.Current.CancellationToken);

        Assert.Equal("tester", guarded);
        Assert.Equal("mallory", plain);
    }

    [Fact]
    public async Task Identify_ByAStageOfTheApp_IsLimitedBySubject()
    {
        await using var app = await GuardedApp.StartAsync(
            use: static app =>
            {
                app.UseSecureInference(static guards => guards.InsertAfter(InferenceStage.Auditing, static (http, next) =>
                {
                    if (ScopeSet.TryParse(["model:fake:infer"], out var scopes, out _))
                    {
                        InferenceContext.Get(http).Identify(new Caller("own", "Own", scopes));
                    }

                    return next(http);
                }));
                app.MapGet("/own", static () => "ran").RequireInferenceGuards("fake");
            },
            settings: new Dictionary<string, string?>
            {
                ["RateLimits:Default:TokenLimit"] = "2",
                ["RateLimits:Default:TokensPerPeriod"] = "1",
                ["RateLimits:Default:ReplenishmentPeriod"] = "01:00:00",
            });

        var statuses = new List<HttpStatusCode>();
        for (var index = 0; index < 4; index++)
        {
            using var answer = await app.Stranger.GetAsync("/own", TestContext.Current.CancellationToken);
            statuses.Add(answer.StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests], statuses);
    }

    private sealed class MalloryHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "mallory")], "Mallory"));
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(user, "Mallory")));
        }
    }
}
