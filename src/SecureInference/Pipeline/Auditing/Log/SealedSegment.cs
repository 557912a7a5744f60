namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>A segment that retention may remove.</summary>
/// <param name="Number">Its number.</param>
/// <param name="EndSize">The log's size at its end.</param>
/// <param name="EndRoot">The root at its end.</param>
/// <param name="EndedNanoseconds">When the next one was begun, since 1970; it holds nothing younger.</param>
internal readonly record struct SealedSegment(long Number, long EndSize, byte[] EndRoot, long EndedNanoseconds);
