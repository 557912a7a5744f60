namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>Where a log goes on.</summary>
/// <param name="LogId">Whose log it is.</param>
/// <param name="Size">The records that are on disk.</param>
/// <param name="Range">The tree's state after them.</param>
/// <param name="NextSegment">The number of the segment to write.</param>
/// <param name="Checkpoint">The newest checkpoint.</param>
/// <param name="Sealed">The segments on disk, the oldest first.</param>
internal sealed record LogState(byte[] LogId, long Size, byte[] Range, long NextSegment, SignedCheckpoint? Checkpoint, IReadOnlyList<SealedSegment> Sealed);
