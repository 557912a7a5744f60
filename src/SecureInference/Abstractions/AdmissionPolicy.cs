namespace SecureInference;

/// <summary>How much a model file may contain before it is refused.</summary>
public enum AdmissionPolicy
{
    /// <summary>Refuses all that a plain network does not need: control flow, sparse tensors, operators whose cost the file does not settle.</summary>
    Strict,

    /// <summary>Lets control flow and sparse tensors pass within their limits, and reports what it cannot bound instead of refusing it.</summary>
    Standard,

    /// <summary>Looks at nothing: only for a file that your own people made.</summary>
    Off,
}
