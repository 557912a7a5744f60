namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>A segment, as its file's name tells.</summary>
internal readonly record struct SegmentFile(long Number, bool IsSealed)
{
    public string Name => IsSealed ? LogNames.SealedSegment(Number) : LogNames.OpenSegment(Number);
}
