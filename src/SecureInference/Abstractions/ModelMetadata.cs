namespace SecureInference;

/// <summary>What callers may know of a model: its signature and the limits of a request.</summary>
public sealed class ModelMetadata
{
    private string _version = "";
    private string? _device;
    private string? _deviceReason;

    /// <summary>Gets the model's name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the version served.</summary>
    public required string Version { get => _version; init => _version = value; }

    /// <summary>Gets the platform as <c>project_format</c>, for example <c>onnxruntime_onnx</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>Gets the lower-case hexadecimal SHA-256 by which health and audit records name what was loaded, where the engine loads files.</summary>
    public string? Digest { get; init; }

    /// <summary>Gets where the model runs, where the engine says it: <c>Cpu</c>, or <c>Cuda:0</c>.</summary>
    public string? Device { get => _device; init => _device = value; }

    /// <summary>Gets why it runs there.</summary>
    public string? DeviceReason { get => _deviceReason; init => _deviceReason = value; }

    /// <summary>Gets why requests are served worse than the operator wants them to be; it is shown to strangers.</summary>
    internal string? Degradation { get; private set; }

    /// <summary>Gets what was proven of the files, where the engine loads files.</summary>
    internal ModelProtection? Protection { get; private set; }

    /// <summary>Gets the declared inputs.</summary>
    public required IReadOnlyList<TensorSpec> Inputs { get; init; }

    /// <summary>Gets the declared outputs.</summary>
    public required IReadOnlyList<TensorSpec> Outputs { get; init; }

    /// <summary>Gets what one request may ask of the model.</summary>
    public required ModelLimits Limits { get; init; }

    /// <summary>Gets the bytes of the files that were loaded, where the engine loads files.</summary>
    internal long FileBytes { get; init; }

    /// <summary>Returns the same under another version: engines do not know which of several they are.</summary>
    internal ModelMetadata WithVersion(string version)
    {
        var copy = Copy();
        copy._version = version;
        return copy;
    }

    /// <summary>Returns the same with where the model runs, which is known before its signature is.</summary>
    internal ModelMetadata OnDevice(string device, string reason, string? degradation)
    {
        var copy = Copy();
        copy._device = device;
        copy._deviceReason = reason;
        copy.Degradation = degradation;
        return copy;
    }

    /// <summary>Returns the same with what was proven of the files.</summary>
    internal ModelMetadata WithProtection(ModelProtection protection)
    {
        var copy = Copy();
        copy.Protection = protection;
        return copy;
    }

    internal TensorSpec? FindInput(ReadOnlySpan<char> name) => Find(Inputs, name);

    internal TensorSpec? FindOutput(ReadOnlySpan<char> name) => Find(Outputs, name);

    /// <summary>Counts the rows of a request that may not have been checked yet: the most of any input, since their order is the sender's choice, and one without rows must not hide another's.</summary>
    /// <returns>The rows; at least 1.</returns>
    internal long CountRows(InferenceRequest request)
    {
        var rows = 1L;
        for (var index = 0; index < request.Inputs.Count; index++)
        {
            var input = request.Inputs[index];
            rows = FindInput(input.Name) is { HasRows: true } && input.Shape.Length > 0 ? Math.Max(rows, input.Shape[0]) : rows;
        }

        return rows;
    }

    private ModelMetadata Copy() => (ModelMetadata)MemberwiseClone();

    // Signatures are short lists: a walk is faster than a hash, and allocates nothing.
    private static TensorSpec? Find(IReadOnlyList<TensorSpec> specs, ReadOnlySpan<char> name)
    {
        for (var index = 0; index < specs.Count; index++)
        {
            if (name.SequenceEqual(specs[index].Name))
            {
                return specs[index];
            }
        }

        return null;
    }
}
