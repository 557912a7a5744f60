namespace SecureInference;

/// <summary>A refusal: a reason from a fixed list, and a text that may be shown to the caller.</summary>
public sealed class InferenceError
{
    internal InferenceError(InferenceErrorCode code, string detail)
    {
        Code = code;
        Detail = detail;
    }

    /// <summary>Gets the reason.</summary>
    public InferenceErrorCode Code { get; }

    /// <summary>Gets the text that the caller sees; it never names a path, a key, or another caller's data.</summary>
    public string Detail { get; }

    /// <summary>Gets how long the caller should wait before it tries again, where that helps.</summary>
    public TimeSpan? RetryAfter { get; internal init; }

    /// <summary>Gets the HTTP status.</summary>
    public int Status => StatusOverride ?? InferenceErrorCatalog.Status(Code);

    /// <summary>Gets the stable name of the reason, as it stands in the error's type and in audit records.</summary>
    public string Rule => InferenceErrorCatalog.Rule(Code);

    /// <summary>Gets the scope that the caller lacks, where that is the reason.</summary>
    internal string? MissingScope { get; init; }

    /// <summary>Gets the verbs that the path knows, where the verb is the reason.</summary>
    internal string? Allow { get; init; }

    /// <summary>Gets the true reason, for logs and audit records only.</summary>
    internal string? Reason { get; init; }

    /// <summary>Gets the limits that have not so much left, where that is the reason.</summary>
    internal IReadOnlyList<string> ViolatedPolicies { get; init; } = [];

    internal int? StatusOverride { get; init; }

    /// <summary>Gets whether the server has failed the caller, who gets back then what the request has cost.</summary>
    internal bool IsServersFault => Status >= 500 && !IsCallersChoice;

    /// <summary>Gets whether the caller has asked for it.</summary>
    internal bool IsCallersChoice { get; init; }

    /// <summary>Gets whether a credential failed that may have been a guess.</summary>
    internal bool IsGuess => Code is InferenceErrorCode.CredentialRejected or InferenceErrorCode.TokenInvalid;

    /// <inheritdoc/>
    public override string ToString() => $"{Rule}: {Detail}";
}
