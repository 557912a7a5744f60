namespace SecureInference.TestSupport.Onnx;

/// <summary>One dimension of a declared shape: a size, a symbolic name, or (by default) unknown.</summary>
public readonly record struct OnnxDim
{
    private OnnxDim(long? size, string? name) => (Size, Name) = (size, name);

    public long? Size { get; }

    public string? Name { get; }

    public static implicit operator OnnxDim(long size) => new(size, null);

    public static implicit operator OnnxDim(string name) => new(null, name);

    internal ProtobufWriter Write()
    {
        var dim = new ProtobufWriter();

        if (Size is { } size)
        {
            dim.Integer(OnnxField.DimValue, size);
        }
        else if (Name is not null)
        {
            dim.Text(OnnxField.DimParam, Name);
        }

        return dim;
    }
}
