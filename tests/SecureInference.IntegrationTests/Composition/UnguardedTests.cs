using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Composition;

/// <summary>Apps that are put together wrongly: nothing runs unguarded, and the log says what to change.</summary>
public sealed class UnguardedTests
{
    private static readonly Dictionary<string, Action<WebApplication>> Wrong = new()
    {
        ["ForgottenUse"] = static app => app.MapSecureInference(),
        ["ShortCircuit"] = static app =>
        {
            app.UseSecureInference();
            app.MapSecureInference().ShortCircuit();
        },
        ["RoutingAfterTheGuards"] = static app =>
        {
            app.UseSecureInference();
            app.UseRouting();
            app.MapSecureInference();
        },
        ["EndpointsBeforeTheGuards"] = static app =>
        {
            app.UseRouting();
#pragma warning disable ASP0014 // As classic apps do.
            app.UseEndpoints(static endpoints => endpoints.MapSecureInference());
#pragma warning restore ASP0014
            app.UseSecureInference();
        },
        ["GuardsInABranchOfAnotherPath"] = static app =>
        {
            app.Map("/other", static branch => branch.UseSecureInference());
            app.MapSecureInference();
        },
        ["GuardsInABranchThatIsNotTaken"] = static app =>
        {
            app.UseWhen(static http => http.Request.Headers.ContainsKey("x-guard-me"), static branch => branch.UseSecureInference());
            app.MapSecureInference();
        },
        ["GuardsOfAnotherEndpoint"] = static app =>
        {
            app.UseRouting();
            app.UseSecureInference();
            app.Use(static (http, next) =>
            {
                http.SetEndpoint(null);
                http.Request.Path = EchoApp.InferPath;
                return next(http);
            });
            app.UseRouting();
#pragma warning disable ASP0014
            app.UseEndpoints(static endpoints => endpoints.MapSecureInference());
#pragma warning restore ASP0014
        },
    };

    public static TheoryData<string> Names => [.. Wrong.Keys];

    /// <summary>All but the app that sends every path to one endpoint.</summary>
    public static TheoryData<string> NamesWithHealth => [.. Wrong.Keys.Where(static name => name != "GuardsOfAnotherEndpoint")];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task MapSecureInference_GuardsDoNotRun_RefusesToRunAndSaysWhatToChange(string name)
    {
        var model = FakeModel.Echo();
        await using var app = await EchoApp.StartAsync(model, Wrong[name]);
        var path = name == "GuardsOfAnotherEndpoint" ? "/v2" : EchoApp.InferPath;

        using var response = await app.Client.PostAsync(path, EchoApp.Content(), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("\"The server failed.\"", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(0, model.Runs);
        Assert.Contains(app.Log.Entries, static entry =>
            entry.EventId == 1000 && entry.Message.Contains("app.UseSecureInference()", StringComparison.Ordinal) && entry.Message.Contains("ShortCircuit()", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task MapSecureInference_GuardsDoNotRun_TellsStrangersNothing(string name)
    {
        var model = FakeModel.Echo();
        await using var app = await EchoApp.StartAsync(model, Wrong[name]);

        foreach (var path in new[] { "/v2", "/v2/models/fake", "/v2/models/fake/ready", EchoApp.InferPath, "/v2/nothing" })
        {
            using var response = await app.Stranger.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.True(response.StatusCode is HttpStatusCode.InternalServerError or HttpStatusCode.Unauthorized, $"{path}: {response.StatusCode}");
        }

        Assert.Equal(0, model.Runs);
    }

    [Theory]
    [MemberData(nameof(NamesWithHealth))]
    public async Task Health_GuardsDoNotRun_Answers(string name)
    {
        await using var app = await EchoApp.StartAsync(FakeModel.Echo(), Wrong[name]);

        using var live = await app.Stranger.GetAsync("/v2/health/live", TestContext.Current.CancellationToken);
        using var ready = await app.Stranger.GetAsync("/v2/health/ready", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task MapSecureInference_ModelChangedAfterTheGuards_RefusesToRun()
    {
        var model = FakeModel.Echo();
        await using var app = await GuardedApp.StartAsync(
            guards =>
            {
                EchoApp.Add(guards, model, name: "open");
                EchoApp.Add(guards, model, name: "secret");
            },
            static app =>
            {
                app.UseSecureInference();
                app.Use(static (http, next) =>
                {
                    http.Request.RouteValues["model"] = "secret";
                    return next(http);
                });
                app.MapSecureInference();
            });
        var key = await EchoApp.AddKeyAsync(app, "other", ["model:open:infer"], TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/open/infer") { Content = EchoApp.Content() };
        request.Headers.Add("x-api-key", key);

        using var response = await app.Stranger.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(0, model.Runs);
    }

    [Fact]
    public async Task UseSecureInference_InABranchThatIsTaken_Guards()
    {
        var model = FakeModel.Echo();
        await using var app = await EchoApp.StartAsync(model, static app =>
        {
            app.UseWhen(static http => http.Request.Path.StartsWithSegments("/v2"), static branch => branch.UseSecureInference());
            app.MapSecureInference();
        });

        using var stranger = await app.Stranger.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);
        using var caller = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.Equal(HttpStatusCode.OK, caller.StatusCode);
        Assert.Equal(1, model.Runs);
    }

    [Fact]
    public async Task RequireInferenceGuards_GuardsDoNotRun_NeitherFilterNorBindingRuns()
    {
        var ran = new List<string>();
        await using var app = await GuardedApp.StartAsync(use: app => app
            .MapPost("/own", (Sample sample) => ran.Add("handler"))
            .RequireInferenceGuards("fake")
            .AddEndpointFilter((context, next) =>
            {
                ran.Add("filter");
                return next(context);
            }));

        using var response = await app.Client.PostAsync("/own", EchoApp.Content(), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(ran);
    }

    internal sealed class Sample
    {
        public static ValueTask<Sample?> BindAsync(HttpContext http) => throw new InvalidOperationException($"{http.Request.Path} was bound.");
    }
}
