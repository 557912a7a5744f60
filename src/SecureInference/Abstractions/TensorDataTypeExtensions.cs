namespace SecureInference;

/// <summary>What the protocol says of each <see cref="TensorDataType"/>.</summary>
public static class TensorDataTypeExtensions
{
    /// <summary>Returns the name that the protocol gives the type, for example <c>FP32</c>.</summary>
    /// <param name="type">The element type.</param>
    /// <returns>The upper-case name.</returns>
    public static string ToProtocolName(this TensorDataType type) => type switch
    {
        TensorDataType.Bool => "BOOL",
        TensorDataType.Int8 => "INT8",
        TensorDataType.Int16 => "INT16",
        TensorDataType.Int32 => "INT32",
        TensorDataType.Int64 => "INT64",
        TensorDataType.UInt8 => "UINT8",
        TensorDataType.UInt16 => "UINT16",
        TensorDataType.UInt32 => "UINT32",
        TensorDataType.UInt64 => "UINT64",
        TensorDataType.Float16 => "FP16",
        TensorDataType.BFloat16 => "BF16",
        TensorDataType.Float32 => "FP32",
        TensorDataType.Float64 => "FP64",
        TensorDataType.Bytes => "BYTES",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>Returns the bytes that one element takes, or 0 for <see cref="TensorDataType.Bytes"/>, whose elements vary.</summary>
    /// <param name="type">The element type.</param>
    /// <returns>1, 2, 4, 8, or 0.</returns>
    public static int GetElementSize(this TensorDataType type) => type switch
    {
        TensorDataType.Bool or TensorDataType.Int8 or TensorDataType.UInt8 => 1,
        TensorDataType.Int16 or TensorDataType.UInt16 or TensorDataType.Float16 or TensorDataType.BFloat16 => 2,
        TensorDataType.Int32 or TensorDataType.UInt32 or TensorDataType.Float32 => 4,
        TensorDataType.Int64 or TensorDataType.UInt64 or TensorDataType.Float64 => 8,
        TensorDataType.Bytes => 0,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>Finds the type that the protocol calls by a name.</summary>
    /// <param name="name">The upper-case name, in UTF-8.</param>
    /// <param name="type">The type found.</param>
    /// <returns><see langword="false"/> where the protocol knows no such type.</returns>
    internal static bool TryParseProtocolName(ReadOnlySpan<byte> name, out TensorDataType type)
    {
        TensorDataType? found = name switch
        {
            _ when name.SequenceEqual("FP32"u8) => TensorDataType.Float32,
            _ when name.SequenceEqual("INT64"u8) => TensorDataType.Int64,
            _ when name.SequenceEqual("INT32"u8) => TensorDataType.Int32,
            _ when name.SequenceEqual("BYTES"u8) => TensorDataType.Bytes,
            _ when name.SequenceEqual("BOOL"u8) => TensorDataType.Bool,
            _ when name.SequenceEqual("UINT8"u8) => TensorDataType.UInt8,
            _ when name.SequenceEqual("FP64"u8) => TensorDataType.Float64,
            _ when name.SequenceEqual("FP16"u8) => TensorDataType.Float16,
            _ when name.SequenceEqual("BF16"u8) => TensorDataType.BFloat16,
            _ when name.SequenceEqual("INT8"u8) => TensorDataType.Int8,
            _ when name.SequenceEqual("INT16"u8) => TensorDataType.Int16,
            _ when name.SequenceEqual("UINT16"u8) => TensorDataType.UInt16,
            _ when name.SequenceEqual("UINT32"u8) => TensorDataType.UInt32,
            _ when name.SequenceEqual("UINT64"u8) => TensorDataType.UInt64,
            _ => null,
        };
        type = found.GetValueOrDefault();
        return found is not null;
    }
}
