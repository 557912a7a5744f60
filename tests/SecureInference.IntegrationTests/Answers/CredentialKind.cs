namespace SecureInference.IntegrationTests.Answers;

/// <summary>The ways in which a caller can show who it is.</summary>
public enum CredentialKind
{
    /// <summary>An API key in its own header.</summary>
    KeyHeader,

    /// <summary>An API key as a bearer token.</summary>
    KeyBearer,

    /// <summary>A JWT.</summary>
    Token,

    /// <summary>The certificate of the connection.</summary>
    Certificate,
}
