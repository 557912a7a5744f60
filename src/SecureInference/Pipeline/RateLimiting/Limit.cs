using System.Globalization;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>One limit that a request is held to, as it stands in force; a reload makes another, on the same counts.</summary>
internal sealed class Limit
{
    private const int SecondsPerDay = 86_400;

    /// <summary>Gets its name in headers and answers.</summary>
    public required string Name { get; init; }

    public required LimitKind Kind { get; init; }

    /// <summary>Gets its name among the buckets of its owner, where nodes share them.</summary>
    public required string Bucket { get; init; }

    /// <summary>Gets the terms of all nodes together; a day's limit has no period.</summary>
    public required BucketTerms Terms { get; init; }

    /// <summary>Gets what this node may grant in a day by itself.</summary>
    public int DailyShare { get; init; }

    /// <summary>Gets the clocks of this node's buckets. A day's count has none.</summary>
    public BucketFamily? Family { get; init; }

    /// <summary>Gets whose clock it is.</summary>
    public int Member { get; init; } = 1;

    /// <summary>Gets the model's place among those that limit each caller.</summary>
    public int Model { get; init; }

    /// <summary>Gets the bucket of many, where it is one.</summary>
    public TotalBucket? Total { get; init; }

    public bool IsDaily => Kind == LimitKind.CallerDay;

    public bool CountsBytes => Kind == LimitKind.CallerBytes;

    /// <summary>Gets the most that one request can cost.</summary>
    public long Size => Terms.TokenLimit;

    /// <summary>Gets its item in <c>RateLimit-Policy</c>.</summary>
    public string Header => field ??= Describe();

    /// <summary>Gets its items in <c>RateLimit</c>.</summary>
    public StandingTexts Standings => field ??= new StandingTexts(Name);

    /// <summary>Returns its item in <c>RateLimit-Policy</c> (draft-ietf-httpapi-ratelimit-headers).</summary>
    public string Describe()
    {
        // Rounded up: a window that is told too short would promise more than there is.
        var window = IsDaily ? SecondsPerDay : Math.Ceiling(Terms.Period.TotalSeconds / Terms.TokensPerPeriod * Terms.TokenLimit);
        return string.Create(CultureInfo.InvariantCulture, $"\"{Name}\";q={Terms.TokenLimit};w={window}{(CountsBytes ? ";qu=\"content-bytes\"" : "")}");
    }
}
