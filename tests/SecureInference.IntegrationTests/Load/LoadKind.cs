namespace SecureInference.IntegrationTests.Load;

/// <summary>What the clients of the load tests send.</summary>
internal enum LoadKind
{
    Json,
    Binary,
    Compressed,
    WrongKey,
    NoKey,
    BadShape,
    BadJson,
    UnknownModel,
}
