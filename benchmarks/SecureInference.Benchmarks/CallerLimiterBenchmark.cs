using System.Threading.RateLimiting;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.RateLimiting;

namespace SecureInference.Benchmarks;

/// <summary>What does a request's check cost in all, with one limit and with four, beside the platform's partitions, which tell the caller nothing?</summary>
/// <remarks>Ours writes <c>RateLimit</c> and <c>RateLimit-Policy</c>: what is allocated is the text of the first. Every request passes.</remarks>
[MemoryDiagnoser]
public class CallerLimiterBenchmark
{
    private const int Plenty = int.MaxValue;
    private const int Pace = 1_000_000;
    private static readonly InferenceEndpointMetadata Infer = new(InferenceOperation.Infer, Model: null, ModelParameter: "model");
    private readonly DefaultHttpContext _http = new();
    private InferenceContext? _context;
    private CallerLimiter? _one;
    private CallerLimiter? _four;
    private PartitionedRateLimiter<string>? _onePartitioned;
    private PartitionedRateLimiter<string>? _fourPartitioned;

    [GlobalSetup]
    public void Setup()
    {
        using var services = new ServiceCollection().AddLogging().AddMetrics().BuildServiceProvider();
        var telemetry = ActivatorUtilities.CreateInstance<RateLimitingTelemetry>(services);
        _one = Create(new CallerLimitOptions { TokenLimit = Plenty, TokensPerPeriod = Pace }, new ModelLimitOptions(), telemetry);
        _four = Create(
            new CallerLimitOptions { TokenLimit = Plenty, TokensPerPeriod = Pace, Total = Bucket() },
            new ModelLimitOptions { PerCaller = Bucket(), Total = Bucket() },
            telemetry);
        _onePartitioned = Partitions("own");
        _fourPartitioned = PartitionedRateLimiter.CreateChained(Partitions("own"), Partitions("model"), Partitions("total"), Partitions("model-total"));
        _context = InferenceContext.Get(_http);
        if (!ScopeSet.TryParse([], out var scopes, out var problem))
        {
            throw new InvalidOperationException(problem);
        }

        _context.Identify(new Caller("caller", "ApiKey", scopes, new CallerState("caller")));
        _context.Model = "digits";
    }

    [Benchmark(Baseline = true)]
    public bool OnePartitioned()
    {
        using var lease = _onePartitioned!.AttemptAcquire("caller");
        return lease.IsAcquired;
    }

    [Benchmark]
    public bool OneLimit() => Take(_one!);

    [Benchmark]
    public bool FourPartitioned()
    {
        using var lease = _fourPartitioned!.AttemptAcquire("caller");
        return lease.IsAcquired;
    }

    [Benchmark]
    public bool FourLimits() => Take(_four!);

    private static CallerLimiter Create(CallerLimitOptions caller, ModelLimitOptions model, RateLimitingTelemetry telemetry) => new(
        Options.Create(new RateLimitOptions { Default = caller, Models = { ["digits"] = model } }), new CallerStates(), telemetry, TimeProvider.System);

    private static TokenBucketOptions Bucket() => new() { TokenLimit = Plenty, TokensPerPeriod = Pace };

    private static PartitionedRateLimiter<string> Partitions(string name) => PartitionedRateLimiter.Create<string, string>(_ =>
        RateLimitPartition.GetTokenBucketLimiter(name, static _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = Plenty,
            TokensPerPeriod = Plenty,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));

    private bool Take(CallerLimiter limiter)
    {
        // One limiter a process: what a request is charged lies in its context.
        var taking = limiter.TakeAsync(_http, _context!, Infer);
        return taking.IsCompletedSuccessfully && taking.Result is null ? true : throw new InvalidOperationException("Refused.");
    }
}
