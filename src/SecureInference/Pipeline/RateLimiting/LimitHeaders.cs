using System.Text;
using Microsoft.AspNetCore.Http;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>Tells callers where they stand (draft-ietf-httpapi-ratelimit-headers).</summary>
internal static class LimitHeaders
{
    public const string Name = "RateLimit";
    private const string PolicyName = "RateLimit-Policy";

    /// <summary>Tells of the limit that is nearest to its end; after a refusal, of each that is at it.</summary>
    public static void Write(HttpContext http, LimitPlan plan, ReadOnlySpan<ChargeLine> lines)
    {
        StringBuilder? atEnd = null;
        var tightest = lines[0];
        foreach (var line in lines)
        {
            tightest = line.IsTighterThan(tightest) ? line : tightest;
            if (line.IsShort)
            {
                atEnd = (atEnd?.Append(", ") ?? new StringBuilder()).Append(Describe(line));
            }
        }

        Write(http, plan.Header, atEnd?.ToString() ?? Describe(tightest));
    }

    /// <summary>Tells that as many requests go on as may.</summary>
    public static void WriteConcurrency(HttpContext http, LimitPlan plan) => Write(http, plan.Header, $"\"{plan.ConcurrencyName}\";r=0");

    /// <summary>Tells of one bucket.</summary>
    public static void Write(HttpContext http, Limit limit, in BucketLevel level) =>
        Write(http, limit.Header, limit.Standings.Of(level.Left, ChargeLine.ToSeconds(level.UntilNext)));

    private static void Write(HttpContext http, string policy, string standing)
    {
        http.Response.Headers[PolicyName] = policy;
        http.Response.Headers[Name] = standing;
    }

    private static string Describe(ChargeLine line) => line.Limit.Standings.Of(line.Left, ChargeLine.ToSeconds(line.UntilNext));
}
