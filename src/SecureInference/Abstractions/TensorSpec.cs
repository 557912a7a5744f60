namespace SecureInference;

/// <summary>What a model declares of one of its inputs or outputs.</summary>
public sealed class TensorSpec
{
    private readonly long[] _shape;
    private readonly string?[] _symbols;

    /// <summary>Creates the declaration of one tensor.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="dataType">The element type.</param>
    /// <param name="shape">The dimensions; -1 where a dimension varies; empty for a scalar.</param>
    /// <param name="symbols">The names of the varying dimensions, one entry a dimension; equal names mean equal sizes.</param>
    /// <exception cref="ArgumentException">The two lists differ in length, or a dimension is below -1.</exception>
    public TensorSpec(string name, TensorDataType dataType, ReadOnlySpan<long> shape, ReadOnlySpan<string?> symbols = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (symbols.Length != 0 && symbols.Length != shape.Length)
        {
            throw new ArgumentException("Give one symbol a dimension, or none at all.", nameof(symbols));
        }

        foreach (var dimension in shape)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(dimension, -1, nameof(shape));
        }

        Name = name;
        DataType = dataType;
        _shape = shape.ToArray();
        _symbols = symbols.Length == 0 ? new string?[shape.Length] : symbols.ToArray();
    }

    /// <summary>Gets the tensor's name.</summary>
    public string Name { get; }

    /// <summary>Gets the element type.</summary>
    public TensorDataType DataType { get; }

    /// <summary>Gets the dimensions; -1 where a dimension varies; empty for a scalar.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>Gets the names of the varying dimensions, one entry a dimension, <see langword="null"/> where there is none.</summary>
    public ReadOnlySpan<string?> Symbols => _symbols;

    /// <summary>Gets whether the first dimension varies, and so counts rows.</summary>
    public bool HasRows => _shape.Length > 0 && _shape[0] == -1;
}
