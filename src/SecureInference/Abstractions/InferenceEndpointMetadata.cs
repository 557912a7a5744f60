namespace SecureInference;

/// <summary>What an endpoint demands of its caller.</summary>
/// <param name="Operation">What the endpoint does.</param>
/// <param name="Model">The model it is done on, where it is always the same one.</param>
/// <param name="ModelParameter">The route parameter that names the model, where the path does.</param>
internal sealed record InferenceEndpointMetadata(InferenceOperation Operation, string? Model, string? ModelParameter)
{
    /// <summary>Gets the verbs that the endpoint answers, where it takes every verb and answers the others with 405.</summary>
    public string? Verbs { get; init; }
}
