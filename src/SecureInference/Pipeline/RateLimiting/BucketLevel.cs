namespace SecureInference.Pipeline.RateLimiting;

/// <summary>What a bucket holds.</summary>
/// <param name="Left">Whole tokens that are there.</param>
/// <param name="UntilNext">Nanoseconds until one more is there; 0 where the bucket is full.</param>
/// <param name="Wait">Nanoseconds until a refused request would pass.</param>
internal readonly record struct BucketLevel(int Left, long UntilNext, long Wait);
