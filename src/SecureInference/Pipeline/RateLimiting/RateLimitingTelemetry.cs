using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>Counts the requests that came too soon.</summary>
internal sealed partial class RateLimitingTelemetry
{
    private readonly ILogger _logger;
    private readonly RefusalCounter _refused;
    private readonly RefusalCounter _wouldRefuse;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _bytes;

    public RateLimitingTelemetry(IMeterFactory meters, ILogger<CallerLimiter> logger)
    {
        _logger = logger;
        _refused = new RefusalCounter(meters, "rate_limiting", "Requests over their caller's limit.");
        _wouldRefuse = new RefusalCounter(meters, "rate_limiting.dry_run", "Requests over their caller's limit that passed, since limits are only tried out.");
        var meter = meters.Create(SecureInferenceDefaults.TelemetryName);
        _tokens = meter.CreateCounter<long>("secure_inference.rate_limiting.tokens_taken", "{token}", "Tokens that requests of known callers were charged.");
        _bytes = meter.CreateCounter<long>("secure_inference.rate_limiting.bytes_taken", "By", "Bytes that requests of known callers were charged, where limits count bytes.");
    }

    /// <summary>Counts what a request was charged. Each of its limits asks the same of it, in tokens or in bytes.</summary>
    public void Took(string? model, ReadOnlySpan<ChargeLine> lines)
    {
        if (!_tokens.Enabled && !_bytes.Enabled)
        {
            return;
        }

        var (tokens, bytes) = (0L, 0L);
        foreach (var line in lines)
        {
            tokens = line.Limit.CountsBytes ? tokens : line.Asked;
            bytes = line.Limit.CountsBytes ? line.Asked : bytes;
        }

        Add(_tokens, tokens, model);
        Add(_bytes, bytes, model);
    }

    [LoggerMessage(1250, LogLevel.Warning, "Callers are on the tier {Tier}, which is not configured: the default limit applies to them. Add it to RateLimits:Tiers.")]
    public partial void UnknownTier(string tier);

    [LoggerMessage(1251, LogLevel.Information, "Changed limits are in force.")]
    public partial void Changed();

    [LoggerMessage(1252, LogLevel.Error, "The changed limits are not used, and those before stay in force: {Problem}")]
    public partial void NotChanged(string problem);

    private static void Add(Counter<long> counter, long amount, string? model)
    {
        if (amount != 0)
        {
            counter.Add(amount, model is null ? default(ReadOnlySpan<KeyValuePair<string, object?>>) : [new("model", model)]);
        }
    }

    public void WouldRefuse(bool isKnownCaller) => _wouldRefuse.Count("caller", isKnownCaller ? "known" : "unknown");

    public void Refused(bool isKnownCaller) => _refused.Count("caller", isKnownCaller ? "known" : "unknown");
}
