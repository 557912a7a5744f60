using Microsoft.AspNetCore.Http;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>Limits by network, in tables of fixed size: for requests of nobody known, and for credentials that fail.</summary>
internal sealed class StrangerLimits(CallerStates states, LimitCounts counts)
{
    private readonly NetworkTable _strangers = new();
    private readonly NetworkTable _guessers = new();

    /// <summary>Takes a token of a stranger's network, at the pace of callers without a tier.</summary>
    public InferenceError? Take(HttpContext http, Limit limit)
    {
        if (!TryTake(http, _strangers, counts.Tokens, limit, out var level))
        {
            return InferenceErrors.RateLimited(Refuse(http, limit, level), [limit.Name]);
        }

        LimitHeaders.Write(http, limit, level);
        return null;
    }

    /// <summary>Takes a token for a credential that failed.</summary>
    public InferenceError? TakeFailure(HttpContext http, Limit limit) =>
        TryTake(http, _guessers, counts.Failures, limit, out var level) ? null : InferenceErrors.CredentialsLimited(Refuse(http, limit, level), [limit.Name]);

    private static TimeSpan Refuse(HttpContext http, Limit limit, in BucketLevel level)
    {
        LimitHeaders.Write(http, limit, level);
        return TimeSpan.FromSeconds(ChargeLine.ToSeconds(level.WaitFor(1)));
    }

    private bool TryTake(HttpContext http, NetworkTable table, BucketFamily family, Limit limit, out BucketLevel level) =>
        TokenBucket.TryTake(ref table.Find(ClientNetwork.Of(http)), family, limit.Member, states.Now(), 1, out level);
}
