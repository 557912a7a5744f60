using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Composition;

/// <summary>The platform's own authorization beside the guards: it comes after them, and neither opens nor shuts what they decide.</summary>
public sealed class PlatformAuthorizationTests
{
    private const string Scheme = "Cookies of the app";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FallbackPolicy_GuardedEndpoints_AreTheGuardsBusinessAlone(bool hasScheme)
    {
        var model = FakeModel.Echo();
        await using var app = await StartAsync(model, hasScheme, static options => options.FallbackPolicy = AuthenticatedUser());

        using var health = await app.Stranger.GetAsync("/v2/health/ready", TestContext.Current.CancellationToken);
        using var stranger = await app.Stranger.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);
        using var caller = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);
        using var own = await app.Client.GetAsync("/own", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.Equal("application/problem+json", stranger.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.OK, caller.StatusCode);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Equal(1, model.Runs);
    }

    [Fact]
    public async Task FallbackPolicy_EndpointThatNobodyGuards_IsThePolicysBusiness()
    {
        await using var app = await StartAsync(FakeModel.Echo(), hasScheme: true, static options => options.FallbackPolicy = AuthenticatedUser());

        using var response = await app.Client.GetAsync("/plain", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FallbackPolicy_GuardsForgotten_NothingRuns(bool hasScheme)
    {
        var model = FakeModel.Echo();
        await using var app = await EchoApp.StartAsync(
            model,
            static app => app.MapSecureInference(),
            services: services => AddPlatform(services, hasScheme, static options => options.FallbackPolicy = AuthenticatedUser()));

        using var health = await app.Stranger.GetAsync("/v2/health/live", TestContext.Current.CancellationToken);
        using var caller = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, caller.StatusCode);
        Assert.Equal(0, model.Runs);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RequireAuthorization_PolicyThatTheCallerMeets_Runs(bool hasScheme)
    {
        var seen = new List<string>();
        await using var app = await StartAsync(FakeModel.Echo(), hasScheme, options => options.AddPolicy("testers", policy => policy.RequireAssertion(context =>
        {
            seen.Add($"{context.User.FindFirstValue("sub")} may {context.User.FindFirstValue("scope")}");
            return context.User.HasClaim("sub", "tester");
        })));

        using var response = await app.Client.PostAsync("/policed/models/fake/infer", EchoApp.Content(), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["tester may model:*:infer"], seen);
    }

    [Fact]
    public async Task RequireAuthorization_PolicyThatTheCallerDoesNotMeet_Returns403AndIsRecordedAsARefusal()
    {
        var model = FakeModel.Echo();
        await using var app = await StartAsync(
            model, hasScheme: true, static options => options.AddPolicy("testers", static policy => policy.RequireClaim("sub", "somebody else")));

        using var response = await app.Client.PostAsync("/policed/models/fake/infer", EchoApp.Content(), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(0, model.Runs);
        var records = await app.StopAndReadAuditAsync();
        Assert.Equal("refuse", records[0].GetProperty("decision").GetString());
        Assert.Equal(403, records[1].GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task RequireAuthorization_PolicyThatTheCallerDoesNotMeetAndNoScheme_DoesNotRun()
    {
        var model = FakeModel.Echo();
        await using var app = await StartAsync(
            model, hasScheme: false, static options => options.AddPolicy("testers", static policy => policy.RequireClaim("sub", "somebody else")));

        using var response = await app.Client.PostAsync("/policed/models/fake/infer", EchoApp.Content(), TestContext.Current.CancellationToken);

        Assert.False(response.IsSuccessStatusCode);
        Assert.Equal(0, model.Runs);
    }

    [Fact]
    public async Task RequireAuthorization_Stranger_IsRefusedByTheGuardsBeforeThePolicyIsAsked()
    {
        var asked = 0;
        await using var app = await StartAsync(
            FakeModel.Echo(), hasScheme: true, options => options.AddPolicy("testers", policy => policy.RequireAssertion(_ => asked++ < 0)));

        using var response = await app.Stranger.PostAsync("/policed/models/fake/infer", EchoApp.Content(), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task Scheme_UserOfTheApp_IsNoCallerOfTheGuards()
    {
        var model = FakeModel.Echo();
        await using var app = await StartAsync(model, hasScheme: true, static _ => { });
        using var request = new HttpRequestMessage(HttpMethod.Post, EchoApp.InferPath) { Content = EchoApp.Content() };
        request.Headers.Add("x-user", "tester");

        using var response = await app.Stranger.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(0, model.Runs);
    }

    private static AuthorizationPolicy AuthenticatedUser() => new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();

    private static Task<GuardedApp> StartAsync(FakeModel model, bool hasScheme, Action<AuthorizationOptions> configure) => EchoApp.StartAsync(
        model,
        app =>
        {
            app.UseSecureInference();
            app.MapSecureInference();
            app.MapGet("/plain", static () => "plain");
            app.MapGet("/own", static () => "ran").RequireInferenceGuards("fake");
            var options = app.Services.GetRequiredService<IOptions<AuthorizationOptions>>().Value;
            if (options.GetPolicy("testers") is not null)
            {
                app.MapSecureInference("/policed").RequireAuthorization("testers");
            }
        },
        services: services => AddPlatform(services, hasScheme, configure));

    private static void AddPlatform(IServiceCollection services, bool hasScheme, Action<AuthorizationOptions> configure)
    {
        services.AddAuthorization(configure);
        if (hasScheme)
        {
            services.AddAuthentication(Scheme).AddScheme<AuthenticationSchemeOptions, HeaderHandler>(Scheme, static _ => { });
        }
    }

    /// <summary>Believes a header: the app's own users, who are nobody to the guards.</summary>
    private sealed class HeaderHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers["x-user"] is not [{ } name])
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", name)], Scheme.Name, "sub", roleType: null));
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(user, Scheme.Name)));
        }
    }
}
