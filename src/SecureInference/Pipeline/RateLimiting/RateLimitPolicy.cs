using System.Globalization;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>A named limit, and how it is told to callers (draft-ietf-httpapi-ratelimit-headers).</summary>
internal sealed class RateLimitPolicy
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private readonly BucketRate _rate;

    public RateLimitPolicy(string name, TokenBucketOptions options)
    {
        Name = name;
        _rate = new BucketRate(options.TokenLimit, options.TokensPerPeriod, options.ReplenishmentPeriod);
        Header = string.Create(CultureInfo.InvariantCulture, $"\"{name}\";q={options.TokenLimit};w={ToSeconds(_rate.Burst)}");
    }

    public string Name { get; }

    public ref readonly BucketRate Rate => ref _rate;

    /// <summary>Gets the value of <c>RateLimit-Policy</c>.</summary>
    public string Header { get; }

    /// <summary>Returns the value of <c>RateLimit</c>: what is left, and the seconds until there is more.</summary>
    public string Describe(BucketLevel level) => string.Create(
        CultureInfo.InvariantCulture, $"\"{Name}\";r={level.Left};t={ToSeconds(level.UntilNext)}");

    /// <summary>Rounds up: a caller that waits as told must not be early.</summary>
    public static long ToSeconds(long nanoseconds) => (nanoseconds + NanosecondsPerSecond - 1) / NanosecondsPerSecond;
}
