using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>Finds a request's bucket, takes from it, and tells the caller where it stands.</summary>
internal sealed class CallerLimiter : ICallerLimits
{
    private const int NanosecondsPerTick = 100;
    private readonly RateLimitPolicy _default;
    private readonly FrozenDictionary<string, RateLimitPolicy> _tiers;
    private readonly RateLimitPolicy _failures;
    private readonly NetworkTable _strangers = new();
    private readonly NetworkTable _guessers = new();
    private readonly CallerStates _states;
    private readonly RateLimitingTelemetry _telemetry;
    private readonly ConcurrentDictionary<string, bool> _unknownTiers = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly long _start;

    public CallerLimiter(IOptions<RateLimitOptions> options, CallerStates states, RateLimitingTelemetry telemetry, TimeProvider time)
    {
        _states = states;
        _telemetry = telemetry;
        _time = time;
        _start = time.GetTimestamp();
        _default = new RateLimitPolicy("default", options.Value.Default);
        _failures = new RateLimitPolicy("failed_authentication", options.Value.FailedAuthentication);
        _tiers = options.Value.Tiers.ToFrozenDictionary(
            static tier => tier.Key, static tier => new RateLimitPolicy(tier.Key, tier.Value), StringComparer.Ordinal);
    }

    /// <summary>Takes one token; callers have a bucket each, strangers one a network.</summary>
    /// <returns>The refusal, where there is none.</returns>
    public InferenceError? Take(HttpContext http, Caller? caller)
    {
        var policy = PolicyOf(caller);
        ref var bucket = ref BucketOf(http, caller);
        var taken = TokenBucket.TryTake(ref bucket, policy.Rate, Now(), 1, out var level);
        WriteHeaders(http, policy, level);
        return taken ? null : Refuse(level);
    }

    public InferenceError? ChargeFailure(HttpContext http)
    {
        if (TokenBucket.TryTake(ref _guessers.Find(ClientNetwork.Of(http)), _failures.Rate, Now(), 1, out var level))
        {
            return null;
        }

        _telemetry.Refused(isKnownCaller: false);
        WriteHeaders(http, _failures, level);
        return Refuse(level);
    }

    public void ChargeRefusal(HttpContext http, Caller caller)
    {
        var policy = PolicyOf(caller);
        TokenBucket.TryTake(ref StateOf(caller).Bucket, policy.Rate, Now(), 1, out var level);
        WriteHeaders(http, policy, level);
    }

    public void Describe(HttpContext http, Caller caller)
    {
        if (!http.Response.Headers.ContainsKey("RateLimit"))
        {
            var policy = PolicyOf(caller);
            WriteHeaders(http, policy, TokenBucket.Peek(ref StateOf(caller).Bucket, policy.Rate, Now()));
        }
    }

    private static InferenceError Refuse(BucketLevel level) =>
        InferenceErrors.RateLimited(TimeSpan.FromSeconds(RateLimitPolicy.ToSeconds(level.Wait)));

    private static void WriteHeaders(HttpContext http, RateLimitPolicy policy, BucketLevel level)
    {
        http.Response.Headers["RateLimit-Policy"] = policy.Header;
        http.Response.Headers["RateLimit"] = policy.Describe(level);
    }

    private CallerState StateOf(Caller caller) => caller.State ?? _states.Get(caller.Subject);

    private RateLimitPolicy PolicyOf(Caller? caller)
    {
        if (caller?.Tier is not { } tier)
        {
            return _default;
        }

        if (_tiers.TryGetValue(tier, out var policy))
        {
            return policy;
        }

        // A tier that is not configured must not mean no limit. Tiers come from the key store: there are few of them.
        if (_unknownTiers.TryAdd(tier, true))
        {
            _telemetry.UnknownTier(tier);
        }

        return _default;
    }

    private ref long BucketOf(HttpContext http, Caller? caller)
    {
        if (caller is not null)
        {
            return ref StateOf(caller).Bucket;
        }

        return ref _strangers.Find(ClientNetwork.Of(http));
    }

    private long Now() => _time.GetElapsedTime(_start).Ticks * NanosecondsPerTick;
}
