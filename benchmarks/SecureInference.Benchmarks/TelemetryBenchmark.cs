using System.Diagnostics;
using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SecureInference.Benchmarks;

/// <summary>What does a request pay for being measured: where nobody listens, where metrics are listened to, and where spans are made too?</summary>
[MemoryDiagnoser]
public class TelemetryBenchmark : IDisposable
{
    private readonly DefaultHttpContext _http = new();
    private InferenceContext? _context;
    private RequestTelemetry? _telemetry;
    private MeterListener? _meters;
    private ActivityListener? _spans;

    [GlobalSetup(Target = nameof(NobodyListens))]
    public void SetUp()
    {
        _context = InferenceContext.Get(_http);
        _context.Model = "digits";
        _telemetry = ActivatorUtilities.CreateInstance<RequestTelemetry>(
            new ServiceCollection().AddMetrics().AddSingleton(TimeProvider.System).BuildServiceProvider());
    }

    [GlobalSetup(Target = nameof(Metrics))]
    public void SetUpMetrics()
    {
        SetUp();
        _meters = new MeterListener { InstrumentPublished = static (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        _meters.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        _meters.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        _meters.Start();
    }

    [GlobalSetup(Target = nameof(MetricsAndSpans))]
    public void SetUpMetricsAndSpans()
    {
        SetUpMetrics();
        _spans = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == SecureInferenceDefaults.TelemetryName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(_spans);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _meters?.Dispose();
        _spans?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public void NobodyListens() => Measure();

    [Benchmark]
    public void Metrics() => Measure();

    [Benchmark]
    public void MetricsAndSpans() => Measure();

    private void Measure()
    {
        if (_telemetry is { } telemetry && _context is { } context)
        {
            telemetry.Begin(context);
            telemetry.End(_http, context, InferenceOperation.Infer, hasFailed: false);
        }
    }
}
