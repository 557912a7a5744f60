using System.Diagnostics;
using System.Text.Json;
using SecureInference.Tests.Abstractions;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline;

[Collection(TelemetryCollection.Name)]
public sealed class RequestSpansTests
{
    private const string Theirs = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string TraceParent = $"00-{Theirs}-00f067aa0ba902b7-00";

    [Fact]
    public async Task Request_ThatSucceeds_IsASpanWithItsWaitAndItsRunBelow()
    {
        using var spans = new CollectedSpans();
        await using var app = await TracedApp.StartAsync();

        await TracedApp.InferAsync(app);
        await app.StopAsync();

        var request = Assert.Single(spans.Of("request"));
        Assert.Equal(("infer digits", ActivityKind.Internal, ActivityStatusCode.Unset), (request.DisplayName, request.Kind, request.Status));
        Assert.Equal(
            ["model.version=1", "model=digits", "operation=infer", "outcome=success", "rows=1"],
            request.TagObjects.Select(static tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal));
        Assert.Equal(["queue", "run"], spans.All.Where(span => span.ParentSpanId == request.SpanId && span.TraceId == request.TraceId).Select(static span => span.OperationName));
        Assert.All(spans.All, static span => Assert.True(span.Duration >= TimeSpan.Zero));
        Assert.Equal(spans.Of("queue")[0].StartTimeUtc + spans.Of("queue")[0].Duration, spans.Of("run")[0].StartTimeUtc);
    }

    [Fact]
    public async Task Request_ThatIsRefused_SaysByWhichRuleAndIsNoError()
    {
        using var spans = new CollectedSpans();
        await using var app = await TracedApp.StartAsync();

        var (_, body) = await TracedApp.InferAsync(app, "{}");
        await app.StopAsync();

        var request = Assert.Single(spans.All);
        Assert.Equal(("refused", "payload_malformed", ActivityStatusCode.Unset), (request.GetTagItem("outcome"), request.GetTagItem("rule"), request.Status));
        Assert.Equal(request.TraceId.ToHexString(), TraceIdOf(body));
    }

    [Fact]
    public async Task Request_ThatTheServerFails_IsAnError()
    {
        using var spans = new CollectedSpans();
        await using var app = await TracedApp.StartAsync(FakeModel.Create(
            FakeModel.Echo().Metadata.Inputs, FakeModel.Echo().Metadata.Outputs, static (_, _) => ValueTask.FromResult(new InferenceResponse(InferenceErrors.ModelFailed))));

        await TracedApp.InferAsync(app);
        await app.StopAsync();

        Assert.Equal((ActivityStatusCode.Error, "model_failed"), (spans.Of("request")[0].Status, spans.Of("request")[0].StatusDescription));
    }

    [Fact]
    public async Task Request_HealthProbe_HasNone()
    {
        using var spans = new CollectedSpans();
        await using var app = await TracedApp.StartAsync();

        using var answer = await app.Stranger.GetAsync("/v2/health/live", TestContext.Current.CancellationToken);
        await app.StopAsync();

        Assert.Empty(spans.All);
    }

    [Fact]
    public async Task TraceParent_OfAStranger_IsLinkedAndNeitherJoinedNorObeyed()
    {
        using var spans = new CollectedSpans();
        await using var app = await TracedApp.StartAsync();

        var (_, body) = await TracedApp.InferAsync(app, "{}", TraceParent);
        var records = await app.StopAndReadAuditAsync();

        var request = Assert.Single(spans.All);
        Assert.Equal((ActivityKind.Server, default, true), (request.Kind, request.ParentSpanId, request.Recorded));
        Assert.Equal(Theirs, Assert.Single(request.Links).Context.TraceId.ToHexString());
        Assert.NotEqual(Theirs, TraceIdOf(body));
        Assert.Equal(request.TraceId.ToHexString(), TraceIdOf(body));
        Assert.All(records, record => Assert.Equal(request.TraceId.ToHexString(), record.GetProperty("traceId").GetString()));
    }

    [Fact]
    public async Task TraceParent_OfAListedSender_IsContinued()
    {
        using var spans = new CollectedSpans();
        await using var app = await TracedApp.StartAsync(settings: ("Arrival:KnownProxies:0", "127.0.0.1"));

        var (_, body) = await TracedApp.InferAsync(app, "{}", TraceParent);
        await app.StopAsync();

        var request = Assert.Single(spans.All);
        Assert.Equal((ActivityKind.Internal, Theirs, Theirs), (request.Kind, request.TraceId.ToHexString(), TraceIdOf(body)));
        Assert.Empty(request.Links);
    }

    [Fact]
    public async Task TraceParent_OfAStrangerWhomNobodyTraces_IsNotTheIdOfTheError()
    {
        await using var app = await TracedApp.StartAsync();

        var (_, body) = await TracedApp.InferAsync(app, "{}", TraceParent);
        var records = await app.StopAndReadAuditAsync();

        Assert.NotEqual(Theirs, TraceIdOf(body));
        Assert.All(records, record => Assert.Equal(TraceIdOf(body), record.GetProperty("traceId").GetString()));
    }

    private static string? TraceIdOf(string body) => JsonDocument.Parse(body).RootElement.GetProperty("traceId").GetString();
}
