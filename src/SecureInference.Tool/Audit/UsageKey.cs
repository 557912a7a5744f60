namespace SecureInference.Tool.Audit;

/// <summary>Whose use of what, on which day; what a grouping does not tell apart is <see langword="null"/>.</summary>
/// <param name="Day">The day, in UTC.</param>
/// <param name="Caller">The caller.</param>
/// <param name="Model">The model.</param>
/// <param name="IsOthers">Whether this stands for all that there was no room to tell apart; a caller may have any name.</param>
internal readonly record struct UsageKey(DateOnly? Day, string? Caller, string? Model, bool IsOthers = false);
