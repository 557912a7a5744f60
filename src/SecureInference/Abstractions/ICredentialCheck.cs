namespace SecureInference;

/// <summary>Knows whether the credential that a caller was recognised by is still accepted.</summary>
internal interface ICredentialCheck
{
    /// <summary>Looks again: a body may take long to come, and a model long to run.</summary>
    /// <returns>The refusal, where the credential was revoked or has expired meanwhile.</returns>
    InferenceError? Recheck(Caller caller);
}
