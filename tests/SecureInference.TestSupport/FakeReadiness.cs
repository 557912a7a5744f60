namespace SecureInference.TestSupport;

/// <summary>Is as ready as a test says.</summary>
public sealed class FakeReadiness : IReadinessCheck
{
    public InferenceError? Error { get; set; }

    public string? Degradation { get; set; }

    public InferenceError? Find() => Error;

    public string? FindDegradation() => Degradation;
}
