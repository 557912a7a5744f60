using System.Net;
using Microsoft.AspNetCore.Builder;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Composition;

/// <summary>Conventions of the app that take away what an endpoint demands: deny by default means that such an app does not start.</summary>
public sealed class UndeclaredTests
{
    private static readonly Dictionary<string, Action<WebApplication>> Wrong = new()
    {
        ["ClearedAfterOurs"] = static app => app.MapGet("/own", static () => "ran").RequireInferenceGuards("fake").Add(static endpoint => endpoint.Metadata.Clear()),
        ["ClearedLastOfAll"] = static app => app.MapGet("/own", static () => "ran").RequireInferenceGuards("fake").Finally(static endpoint => endpoint.Metadata.Clear()),
        ["ClearedOnTheGroup"] = static app =>
        {
            var group = app.MapGroup("/group");
            group.MapGet("/own", static () => "ran").RequireInferenceGuards("fake");
            ((IEndpointConventionBuilder)group).Finally(static endpoint => endpoint.Metadata.Clear());
        },
        ["ClearedOnTheProtocol"] = static app => app.MapSecureInference().Finally(static endpoint => endpoint.Metadata.Clear()),
        ["ExchangedForAnother"] = static app =>
        {
            object? looser = null;
            app.MapGet("/open", static () => "ran").RequireInferenceGuards("fake", "read")
                .Add(endpoint => looser = endpoint.Metadata.Single(static item => item.GetType().Name == "InferenceEndpointMetadata"));
            app.MapGet("/own", static () => "ran").RequireInferenceGuards("fake", "admin").Finally(endpoint =>
            {
                endpoint.Metadata.Clear();
                endpoint.Metadata.Add(looser!);
            });
        },
        ["AddedToIt"] = static app =>
        {
            object? looser = null;
            app.MapGet("/open", static () => "ran").RequireInferenceGuards("fake", "read")
                .Add(endpoint => looser = endpoint.Metadata.Single(static item => item.GetType().Name == "InferenceEndpointMetadata"));
            app.MapGet("/own", static () => "ran").RequireInferenceGuards("fake", "admin").Finally(endpoint => endpoint.Metadata.Add(looser!));
        },
    };

    public static TheoryData<string> Names => [.. Wrong.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Start_EndpointWithoutItsDeclaration_StopsAndSaysWhatToDo(string name)
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => EchoApp.StartAsync(FakeModel.Echo(), app =>
        {
            app.UseSecureInference();
            Wrong[name](app);
        }));

        Assert.Contains(name == "ClearedOnTheProtocol" ? "/v2" : "/own", exception.Message, StringComparison.Ordinal);
        Assert.Contains("does not declare what it demands", exception.Message, StringComparison.Ordinal);
        Assert.Contains("not Metadata.Clear()", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_MetadataClearedBeforeOurs_DeclaresAllTheSame()
    {
        await using var app = await EchoApp.StartAsync(FakeModel.Echo(), static app =>
        {
            app.UseSecureInference();
            app.MapSecureInference().Add(static endpoint => endpoint.Metadata.Clear());
        });

        using var stranger = await app.Stranger.GetAsync("/v2", TestContext.Current.CancellationToken);
        using var caller = await app.Client.GetAsync("/v2", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.Equal(HttpStatusCode.OK, caller.StatusCode);
    }

    [Fact]
    public async Task Request_DeclarationClearedUnderAWrapper_NeverRuns()
    {
        var model = FakeModel.Echo();
        await using var app = await EchoApp.StartAsync(model, static app =>
        {
            app.UseSecureInference();
            app.MapSecureInference().Finally(static endpoint =>
            {
                var guarded = endpoint.RequestDelegate!;
                endpoint.RequestDelegate = http => guarded(http);
                endpoint.Metadata.Clear();
            });
        });

        using var response = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);
        using var health = await app.Stranger.GetAsync("/v2/health/live", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, health.StatusCode);
        Assert.Equal(0, model.Runs);
    }
}
