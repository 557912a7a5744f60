namespace SecureInference;

/// <summary>What a request asks of one bucket that nodes share, and what it is told. One object serves a connection's requests one after the other.</summary>
internal sealed class SharedDemand
{
    /// <summary>Gets or sets the bucket's name among those of its owner, of a fixed small set: <c>tokens</c>, <c>bytes</c>, <c>daily</c>, <c>model-digits</c>.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>Gets or sets whether the limit is one of a day, which ends at midnight UTC, and does not fill in between.</summary>
    public bool IsDaily { get; set; }

    /// <summary>Gets or sets the tokens that a full bucket holds, or that a day has.</summary>
    public long Limit { get; set; }

    /// <summary>Gets or sets the tokens that come back in each <see cref="Period"/>; nothing for a day's.</summary>
    public long TokensPerPeriod { get; set; }

    /// <summary>Gets or sets the period; nothing for a day's.</summary>
    public TimeSpan Period { get; set; }

    /// <summary>Gets or sets how many tokens are asked for, or given back; at most <see cref="Limit"/>, and none to ask where the bucket stands.</summary>
    public long Tokens { get; set; }

    /// <summary>Gets or sets whether the bucket holds fewer than were asked for.</summary>
    public bool IsShort { get; set; }

    /// <summary>Gets or sets the whole tokens that are left.</summary>
    public long Left { get; set; }

    /// <summary>Gets or sets the time until one more is there; none where the bucket is full. For a day, the time until it ends.</summary>
    public TimeSpan UntilNext { get; set; }

    /// <summary>Gets or sets the time until as many as were asked for are there; none where they are.</summary>
    public TimeSpan Wait { get; set; }

    /// <summary>Gets or sets what the store needs to know to take tokens back without making any: when they were taken, and how the bucket stood then.</summary>
    public SharedReceipt Receipt { get; set; }
}
