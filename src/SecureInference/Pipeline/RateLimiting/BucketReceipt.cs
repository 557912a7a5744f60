namespace SecureInference.Pipeline.RateLimiting;

/// <summary>What was taken from a bucket, and how it stood then. Empty where nothing was.</summary>
/// <param name="Member">By whose clock.</param>
/// <param name="Units">How much.</param>
/// <param name="FullAt">What the clock would show once the bucket is full, as of the take.</param>
/// <param name="GivenBack">What had been put back into the bucket in all, and by whose clock, as read before the take.</param>
internal readonly record struct BucketReceipt(int Member, long Units, long FullAt, long GivenBack);
