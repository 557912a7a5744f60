using Microsoft.Extensions.DependencyInjection;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline;

/// <summary>What is measured of requests, from their arrival to the model and back.</summary>
public sealed class RequestMetricsTests
{
    [Fact]
    public async Task Request_ThatRuns_IsMeasuredAllTheWay()
    {
        await using var app = await TracedApp.StartAsync();
        using var metrics = new CollectedMetrics(app.Services);

        await TracedApp.InferAsync(app);
        await app.StopAsync();

        Assert.Equal("model=digits operation=infer outcome=success", Assert.Single(metrics.Of("request.duration")).Tags);
        Assert.Equal("model=digits", Assert.Single(metrics.Of("runtime.queue_time")).Tags);
        Assert.Equal("model=digits", Assert.Single(metrics.Of("runtime.run_time")).Tags);
        Assert.Equal([(1.0, "model=digits")], metrics.Of("runtime.batch_rows"));
        Assert.Equal([(1.0, "model=digits")], metrics.Of("rate_limiting.tokens_taken"));
        Assert.Empty(metrics.Of("request.refused"));
    }

    [Fact]
    public async Task Request_ThatRuns_SaysHowLongItWaitedAndRan()
    {
        var times = new List<(TimeSpan? Queue, TimeSpan? Run)>();
        await using var app = await TracedApp.StartAsync(done: context => times.Add((context.QueueTime, context.RunTime)));

        await TracedApp.InferAsync(app);
        await TracedApp.InferAsync(app, "{}");
        await app.StopAsync();

        Assert.True(times[0].Queue >= TimeSpan.Zero && times[0].Run > TimeSpan.Zero, $"{times[0]}");
        Assert.Equal((null, null), times[1]);
    }

    [Fact]
    public async Task Request_WhileOthersRun_IsSeenInTheQueueAndInTheLanes()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var model = FakeModel.Gated(gate.Task);
        await using var app = await TracedApp.StartAsync(model, settings: ("Models:digits:Lanes", "1"));
        using var metrics = new CollectedMetrics(app.Services);

        var running = TracedApp.InferAsync(app);
        await Abstractions.Eventually.TrueAsync(() => model.Runs == 1, TestContext.Current.CancellationToken);
        var waiting = TracedApp.InferAsync(app);
        await Abstractions.Eventually.TrueAsync(() => metrics.Look().Of("runtime.queue_length").Contains((1, "model=digits")), TestContext.Current.CancellationToken);

        Assert.Equal([(1.0, "model=digits state=busy"), (0.0, "model=digits state=idle")], metrics.Of("runtime.lanes").TakeLast(2));
        gate.SetResult();
        await Task.WhenAll(running, waiting);
        await app.StopAsync();
    }

    [Fact]
    public async Task App_ThatServesAModel_SaysOfWhat()
    {
        await using var app = await TracedApp.StartAsync();
        using var metrics = new CollectedMetrics(app.Services);

        await app.Services.GetRequiredService<IModelCatalog>().ReloadAsync("digits", TestContext.Current.CancellationToken);
        metrics.Look();

        Assert.Equal([(1.0, "model=digits outcome=reloaded")], metrics.Of("models.reloads"));
        Assert.Equal([(1.0, "model=digits")], metrics.Of("models.versions"));
        Assert.Equal([(0.0, "model=digits")], metrics.Of("models.memory"));
        Assert.Single(metrics.Of("audit.records_waiting"));
        Assert.Single(metrics.Of("audit.lag"));
    }

    [Fact]
    public async Task Measurements_OfManyKindsOfRequests_HaveTagsOfClosedSets()
    {
        string[] known = ["model=digits", "operation=infer", "operation=read", "operation=discover", "outcome=success", "outcome=refused", "caller=known", "state=busy", "state=idle", "source=key store"];
        var rules = Enum.GetValues<InferenceErrorCode>().Select(static code => "rule=" + InferenceErrorCatalog.Rule(code));
        await using var app = await TracedApp.StartAsync(settings: [("RateLimits:Default:TokenLimit", "6"), ("RateLimits:Default:TokensPerPeriod", "1"), ("RateLimits:Default:ReplenishmentPeriod", "01:00:00")]);
        using var metrics = new CollectedMetrics(app.Services);

        foreach (var path in new[] { "/v2", "/v2/models/digits", "/v2/models/of-a-name-made-up", "/v2/none" })
        {
            using var answer = await app.Client.GetAsync(path, TestContext.Current.CancellationToken);
        }

        await TracedApp.InferAsync(app);
        await TracedApp.InferAsync(app, """{"inputs":[]}""");
        await TracedApp.InferAsync(app);
        using var stranger = await app.Stranger.GetAsync("/v2", TestContext.Current.CancellationToken);
        await app.StopAsync();

        var tags = metrics.Look().All.SelectMany(static one => one.Tags.Replace("key store", "key_store", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct();
        Assert.Empty(tags.Except(known.Select(static tag => tag.Replace(' ', '_'))).Except(rules));
    }
}
