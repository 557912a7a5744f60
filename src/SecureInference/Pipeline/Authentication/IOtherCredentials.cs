namespace SecureInference.Pipeline.Authentication;

/// <summary>A kind of credential beside API keys: an app that takes another kind needs no key store.</summary>
internal interface IOtherCredentials
{
    /// <summary>Gets whether callers can be recognised by it here.</summary>
    bool IsConfigured { get; }

    /// <summary>Gets how callers send it, as they are told who send nothing.</summary>
    string HowToSend { get; }
}
