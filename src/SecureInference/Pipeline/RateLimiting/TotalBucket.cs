namespace SecureInference.Pipeline.RateLimiting;

/// <summary>A bucket that many callers take from.</summary>
/// <param name="owner">Its name where nodes share it. No subject begins with its first character.</param>
internal sealed class TotalBucket(string owner)
{
    public long Bucket;

    /// <summary>What was put back into the bucket in all.</summary>
    public long GivenBack;

    public string Owner { get; } = owner;

    public BucketFamily Family { get; } = new();
}
