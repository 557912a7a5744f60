namespace SecureInference.Runtime.Batching;

/// <summary>What a probe found of a model's rows.</summary>
internal enum ProbeVerdict
{
    /// <summary>No influence of one row on another showed.</summary>
    Independent,

    /// <summary>Rows answered otherwise together than alone, or did not run together.</summary>
    Dependent,

    /// <summary>The model did not run on the probe's values.</summary>
    Unknown,
}
