namespace SecureInference;

/// <summary>A caller's bucket for one model.</summary>
internal sealed class CallerModelUsage
{
    public long Bucket;

    /// <summary>What was put back into the bucket in all.</summary>
    public long GivenBack;
}
