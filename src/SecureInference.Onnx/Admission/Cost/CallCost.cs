namespace SecureInference.Onnx.Admission.Cost;

/// <summary>What one node costs.</summary>
internal sealed class CallCost
{
    /// <summary>Gets or sets its operations, where they are more than the elements of its outputs.</summary>
    public double Flops { get; set; }

    /// <summary>Gets or sets the bytes that it needs beside inputs and outputs.</summary>
    public long ScratchBytes { get; set; }

    /// <summary>Gets or sets whether nothing settles the size of an output.</summary>
    public bool IsUnbounded { get; set; }

    /// <summary>Gets or sets whether it may make much of little.</summary>
    public bool IsAmplified { get; set; }

    public void Clear() => (Flops, ScratchBytes, IsUnbounded, IsAmplified) = (0, 0, false, false);
}
