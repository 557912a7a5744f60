using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Abstractions;

[Collection(TelemetryCollection.Name)]
public sealed class RequestTelemetryTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton(TimeProvider.System).AddSingleton<RequestTelemetry>().BuildServiceProvider();

    private RequestTelemetry Sut => _services.GetRequiredService<RequestTelemetry>();

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData(200, false, false, "success")]
    [InlineData(304, false, false, "success")]
    [InlineData(400, false, false, "refused")]
    [InlineData(499, false, false, "refused")]
    [InlineData(500, false, false, "failed")]
    [InlineData(503, false, false, "failed")]
    [InlineData(200, true, false, "failed")]
    [InlineData(413, true, false, "refused")]
    [InlineData(200, true, true, "cancelled")]
    [InlineData(503, false, true, "cancelled")]
    public void End_EachStatus_HasItsOutcome(int status, bool hasFailed, bool hasGone, string outcome)
    {
        using var metrics = new CollectedMetrics(_services);
        var (http, context) = Request(status, hasGone);
        var sut = Sut;

        sut.Begin(context);
        sut.End(http, context, InferenceOperation.Infer, hasFailed);

        Assert.Equal([$"model=digits operation=infer outcome={outcome}"], metrics.Of("request.duration").Select(static one => one.Tags));
    }

    [Fact]
    public void End_Refused_IsCountedByItsRule()
    {
        using var metrics = new CollectedMetrics(_services);
        var (http, context) = Request(503);
        context.Refusal = InferenceErrors.AuditUnavailable;
        var sut = Sut;

        sut.Begin(context);
        sut.End(http, context, operation: null, hasFailed: false);

        Assert.Equal([(1.0, "operation=none rule=audit_unavailable")], metrics.Of("request.refused"));
    }

    [Fact]
    public void End_CallerHasGone_NothingIsCountedAsRefused()
    {
        using var metrics = new CollectedMetrics(_services);
        var (http, context) = Request(400, hasGone: true);
        context.Refusal = InferenceErrors.BodyTruncated;
        var sut = Sut;

        sut.Begin(context);
        sut.End(http, context, InferenceOperation.Infer, hasFailed: false);

        Assert.Empty(metrics.Of("request.refused"));
    }

    [Fact]
    public void BeginAndEnd_NobodyListens_NoSpanAndNoByte()
    {
        var (http, context) = Request(200);
        var sut = Sut;

        var bytes = BytesOf(() =>
        {
            sut.Begin(context);
            sut.End(http, context, InferenceOperation.Infer, hasFailed: false);
        });

        Assert.Equal(0, bytes);
        Assert.Null(context.Span);
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void BeginAndEnd_MetricsAreListenedTo_NoByteEither()
    {
        var (http, context) = Request(200);
        var sut = Sut;
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        listener.Start();

        var bytes = BytesOf(() =>
        {
            sut.Begin(context);
            sut.End(http, context, InferenceOperation.Infer, hasFailed: false);
        });

        Assert.Equal(0, bytes);
    }

    private static long BytesOf(Action act)
    {
        const int Rounds = 10_000;
        for (var round = 0; round < Rounds; round++)
        {
            act();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds; round++)
        {
            act();
        }

        // What the runtime itself needs once or twice is not paid by requests.
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
    }

    private static (HttpContext Http, InferenceContext Context) Request(int status, bool hasGone = false)
    {
        var http = Some.Request();
        http.Response.StatusCode = status;
        http.RequestAborted = new CancellationToken(hasGone);
        var context = InferenceContext.Get(http);
        context.Model = "digits";
        return (http, context);
    }
}
