using Microsoft.ML.OnnxRuntime.Tensors;

namespace SecureInference.Onnx;

/// <summary>The protocol's element types under ONNX Runtime's names.</summary>
internal static class ElementTypes
{
    public static TensorDataType? ToProtocol(TensorElementType type) => type switch
    {
        TensorElementType.Bool => TensorDataType.Bool,
        TensorElementType.Int8 => TensorDataType.Int8,
        TensorElementType.Int16 => TensorDataType.Int16,
        TensorElementType.Int32 => TensorDataType.Int32,
        TensorElementType.Int64 => TensorDataType.Int64,
        TensorElementType.UInt8 => TensorDataType.UInt8,
        TensorElementType.UInt16 => TensorDataType.UInt16,
        TensorElementType.UInt32 => TensorDataType.UInt32,
        TensorElementType.UInt64 => TensorDataType.UInt64,
        TensorElementType.Float16 => TensorDataType.Float16,
        TensorElementType.BFloat16 => TensorDataType.BFloat16,
        TensorElementType.Float => TensorDataType.Float32,
        TensorElementType.Double => TensorDataType.Float64,
        TensorElementType.String => TensorDataType.Bytes,
        // Complex numbers, and what later versions may add.
        _ => null,
    };

    public static TensorElementType ToOnnx(TensorDataType type) => type switch
    {
        TensorDataType.Bool => TensorElementType.Bool,
        TensorDataType.Int8 => TensorElementType.Int8,
        TensorDataType.Int16 => TensorElementType.Int16,
        TensorDataType.Int32 => TensorElementType.Int32,
        TensorDataType.Int64 => TensorElementType.Int64,
        TensorDataType.UInt8 => TensorElementType.UInt8,
        TensorDataType.UInt16 => TensorElementType.UInt16,
        TensorDataType.UInt32 => TensorElementType.UInt32,
        TensorDataType.UInt64 => TensorElementType.UInt64,
        TensorDataType.Float16 => TensorElementType.Float16,
        TensorDataType.BFloat16 => TensorElementType.BFloat16,
        TensorDataType.Float32 => TensorElementType.Float,
        TensorDataType.Float64 => TensorElementType.Double,
        TensorDataType.Bytes => TensorElementType.String,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };
}
