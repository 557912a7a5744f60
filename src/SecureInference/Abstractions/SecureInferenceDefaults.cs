namespace SecureInference;

/// <summary>Names that apps refer to.</summary>
public static class SecureInferenceDefaults
{
    /// <summary>The authentication scheme of the platform that recognises callers as the guards do, for the app's own endpoints.</summary>
    public const string AuthenticationScheme = "SecureInference";

    /// <summary>The name of the meter and of the activity source.</summary>
    public const string TelemetryName = "SecureInference";
}
