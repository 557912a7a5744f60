namespace SecureInference;

/// <summary>What a reload has done. It is for the operator: what it says may name paths.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Versions">The versions that serve after it, the lowest first.</param>
/// <param name="Problem">Why a version could not be loaded.</param>
public sealed record ModelReload(ModelReloadOutcome Outcome, IReadOnlyList<string> Versions, string? Problem);
