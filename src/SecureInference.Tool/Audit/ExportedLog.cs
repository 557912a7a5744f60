namespace SecureInference.Tool.Audit;

/// <summary>What <c>audit export --json</c> prints.</summary>
internal sealed record ExportedLog(string File, bool Verified, long Records, long Checkpoints, long UnreadableRecords, long UnsignedRecordsLeftOut);
