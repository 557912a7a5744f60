using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>Finds a request's bucket, takes from it, and tells the caller where it stands.</summary>
internal sealed class CallerLimiter : ICallerLimits
{
    private const int MaxUnknownTiers = 100;
    private readonly RateLimitPolicy _default;
    private readonly FrozenDictionary<string, RateLimitPolicy> _tiers;
    private readonly RateLimitPolicy _failures;
    private readonly NetworkTable _strangers = new();
    private readonly NetworkTable _guessers = new();
    private readonly CallerStates _states;
    private readonly RateLimitingTelemetry _telemetry;
    private readonly ConcurrentDictionary<string, bool> _unknownTiers = new(StringComparer.Ordinal);

    public CallerLimiter(IOptions<RateLimitOptions> options, CallerStates states, RateLimitingTelemetry telemetry)
    {
        _states = states;
        _telemetry = telemetry;
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
        var taken = caller is null
            ? TokenBucket.TryTake(ref _strangers.Find(ClientNetwork.Of(http)), policy.Rate, _states.Now(), 1, out var level)
            : TryTake(caller, policy, out level);
        WriteHeaders(http, policy, level);
        return taken ? null : Refuse(level);
    }

    public InferenceError? ChargeFailure(HttpContext http)
    {
        if (TokenBucket.TryTake(ref _guessers.Find(ClientNetwork.Of(http)), _failures.Rate, _states.Now(), 1, out var level))
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
        TryTake(caller, policy, out var level);
        WriteHeaders(http, policy, level);
    }

    public void Describe(HttpContext http, Caller caller)
    {
        if (!http.Response.Headers.ContainsKey("RateLimit"))
        {
            var policy = PolicyOf(caller);
            WriteHeaders(http, policy, Peek(caller, policy));
        }
    }

    private static InferenceError Refuse(BucketLevel level) =>
        InferenceErrors.RateLimited(TimeSpan.FromSeconds(RateLimitPolicy.ToSeconds(level.Wait)));

    private static void WriteHeaders(HttpContext http, RateLimitPolicy policy, BucketLevel level)
    {
        http.Response.Headers["RateLimit-Policy"] = policy.Header;
        http.Response.Headers["RateLimit"] = policy.Describe(level);
    }

    private bool TryTake(Caller caller, RateLimitPolicy policy, out BucketLevel level)
    {
        while (true)
        {
            // The clock is read after the state is found. A fresh state is full, as the one before it was when it was swept out: at any later time, but not before.
            var state = StateOf(caller);
            if (TokenBucket.TryTake(ref state.Bucket, policy.Rate, _states.Now(), 1, out level))
            {
                return true;
            }

            // Looked at after the take: the refusal may be that of a state which was swept out in between.
            if (!state.IsEvicted)
            {
                return false;
            }
        }
    }

    private BucketLevel Peek(Caller caller, RateLimitPolicy policy)
    {
        while (true)
        {
            var state = StateOf(caller);
            var level = TokenBucket.Peek(ref state.Bucket, policy.Rate, _states.Now());
            if (!state.IsEvicted)
            {
                return level;
            }
        }
    }

    private CallerState StateOf(Caller caller) => caller.State is { IsEvicted: false } state ? state : _states.Get(caller.Subject);

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

        // A tier that is not configured must not mean no limit. Whoever issues credentials chooses their names: only so many are told apart.
        if (!_unknownTiers.ContainsKey(tier) && _unknownTiers.Count < MaxUnknownTiers && _unknownTiers.TryAdd(tier, true))
        {
            _telemetry.UnknownTier(tier);
        }

        return _default;
    }
}
