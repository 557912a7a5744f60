namespace SecureInference;

/// <summary>A model that code adds, beside those that the configuration lists.</summary>
/// <param name="Name">The name it is served under.</param>
/// <param name="Options">Its options.</param>
public sealed record ModelRegistration(string Name, ModelOptions Options);
