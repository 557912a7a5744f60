namespace SecureInference.Tool.Audit;

/// <summary>What <c>audit prove --json</c> prints.</summary>
internal sealed record WrittenProof(string RequestId, IReadOnlyList<long> Records, string Log, long Size, string File);
