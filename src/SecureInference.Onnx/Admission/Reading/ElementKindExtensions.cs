namespace SecureInference.Onnx.Admission.Reading;

/// <summary>Sizes of element types.</summary>
internal static class ElementKindExtensions
{
    /// <summary>What an empty string takes in the memory of the runtime.</summary>
    public const int StringBytes = 32;

    /// <summary>Returns the bits of an element, or 0 for strings and for what is not known.</summary>
    public static int BitsOf(this ElementKind kind) => kind switch
    {
        ElementKind.Complex128 => 128,
        ElementKind.Int64 or ElementKind.UInt64 or ElementKind.Double or ElementKind.Complex64 => 64,
        ElementKind.Float or ElementKind.Int32 or ElementKind.UInt32 => 32,
        ElementKind.UInt16 or ElementKind.Int16 or ElementKind.Float16 or ElementKind.BFloat16 => 16,
        ElementKind.UInt8 or ElementKind.Int8 or ElementKind.Bool or (>= ElementKind.Float8E4M3FN and <= ElementKind.Float8E5M2FNUZ) or ElementKind.Float8E8M0 => 8,
        ElementKind.UInt4 or ElementKind.Int4 or ElementKind.Float4E2M1 => 4,
        ElementKind.UInt2 or ElementKind.Int2 => 2,
        _ => 0,
    };

    /// <summary>Returns the bytes that so many elements take in the memory of the runtime, at most <see cref="long.MaxValue"/>.</summary>
    public static long BytesOf(this ElementKind kind, long elements)
    {
        var bits = kind == ElementKind.String ? StringBytes * 8 : kind.BitsOf() is var known and > 0 ? known : 64;
        return (long)UInt128.Min(((((UInt128)(ulong)elements) * (uint)bits) + 7) / 8, long.MaxValue);
    }

    /// <summary>Returns the type under the protocol's name, where it has one.</summary>
    public static TensorDataType? ToProtocol(this ElementKind kind) => kind switch
    {
        ElementKind.Bool => TensorDataType.Bool,
        ElementKind.Int8 => TensorDataType.Int8,
        ElementKind.Int16 => TensorDataType.Int16,
        ElementKind.Int32 => TensorDataType.Int32,
        ElementKind.Int64 => TensorDataType.Int64,
        ElementKind.UInt8 => TensorDataType.UInt8,
        ElementKind.UInt16 => TensorDataType.UInt16,
        ElementKind.UInt32 => TensorDataType.UInt32,
        ElementKind.UInt64 => TensorDataType.UInt64,
        ElementKind.Float16 => TensorDataType.Float16,
        ElementKind.BFloat16 => TensorDataType.BFloat16,
        ElementKind.Float => TensorDataType.Float32,
        ElementKind.Double => TensorDataType.Float64,
        ElementKind.String => TensorDataType.Bytes,
        _ => null,
    };

    public static bool IsInteger(this ElementKind kind) => kind is >= ElementKind.UInt8 and <= ElementKind.Int64 or ElementKind.UInt32 or ElementKind.UInt64;

    /// <summary>Returns the field of the tensor message that holds such elements where the data is not raw, or 0.</summary>
    public static int TypedFieldOf(this ElementKind kind) => kind switch
    {
        ElementKind.Float or ElementKind.Complex64 => 4,
        ElementKind.String => 6,
        ElementKind.Int64 => 7,
        ElementKind.Double or ElementKind.Complex128 => 10,
        ElementKind.UInt32 or ElementKind.UInt64 => 11,
        ElementKind.Undefined => 0,
        _ => 5,
    };
}
