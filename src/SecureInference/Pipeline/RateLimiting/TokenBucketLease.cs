using System.Threading.RateLimiting;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>What a bucket answered.</summary>
internal sealed class TokenBucketLease(TimeSpan? retryAfter) : RateLimitLease
{
    private static readonly string[] Names = [MetadataName.RetryAfter.Name];

    public override bool IsAcquired => retryAfter is null;

    public override IEnumerable<string> MetadataNames => retryAfter is null ? [] : Names;

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? retryAfter : null;
        return metadata is not null;
    }
}
