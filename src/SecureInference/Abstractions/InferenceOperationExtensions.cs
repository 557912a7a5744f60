namespace SecureInference;

/// <summary>Says which right an operation takes.</summary>
internal static class InferenceOperationExtensions
{
    /// <summary>Returns the scope that allows an operation on a model, as keys and tokens carry it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The operation takes no scope.</exception>
    public static string ScopeOn(this InferenceOperation operation, string? model) => operation switch
    {
        InferenceOperation.Read => $"model:{model}:read",
        InferenceOperation.Infer => $"model:{model}:infer",
        InferenceOperation.Admin => "admin",
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };

    /// <summary>Returns the name of an operation in metrics and spans; <c>none</c> for an endpoint that declares none.</summary>
    public static string ToTag(this InferenceOperation? operation) => operation switch
    {
        InferenceOperation.Health => "health",
        InferenceOperation.Discover => "discover",
        InferenceOperation.Read => "read",
        InferenceOperation.Infer => "infer",
        InferenceOperation.Admin => "admin",
        _ => "none",
    };
}
