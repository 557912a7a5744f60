using System.Runtime.InteropServices;

namespace SecureInference.TestSupport.Onnx;

/// <summary>A constant: an initializer of a graph or the value of a tensor attribute.</summary>
public sealed class OnnxTensor
{
    private readonly ProtobufWriter _tensor = new();

    private OnnxTensor(OnnxType type, long[] dims) =>
        _tensor.Integers(OnnxField.TensorDims, dims).Integer(OnnxField.TensorDataType, (long)type);

    /// <summary>Makes a constant of fixed-size elements; without <paramref name="dims"/> it is a scalar.</summary>
    public static OnnxTensor Of<T>(T[] data, params long[] dims)
        where T : unmanaged
    {
        var tensor = new OnnxTensor(TypeOf<T>(), dims);
        // The format is little-endian, as is every machine that ONNX Runtime for .NET is built for.
        tensor._tensor.Bytes(OnnxField.TensorRawData, MemoryMarshal.AsBytes(data.AsSpan()));
        return tensor;
    }

    /// <summary>Makes a constant of strings; without <paramref name="dims"/> it is a scalar.</summary>
    public static OnnxTensor Of(string[] data, params long[] dims)
    {
        var tensor = new OnnxTensor(OnnxType.String, dims);
        tensor._tensor.Texts(OnnxField.TensorStringData, data);
        return tensor;
    }

    /// <summary>Copies the fields, so that one constant can stand in many places under other names.</summary>
    internal ProtobufWriter Write(string name) =>
        new ProtobufWriter().Text(OnnxField.TensorName, name).Fields(_tensor);

    private static OnnxType TypeOf<T>()
        where T : unmanaged => default(T) switch
        {
            float => OnnxType.Float,
            double => OnnxType.Double,
            Half => OnnxType.Float16,
            bool => OnnxType.Bool,
            sbyte => OnnxType.Int8,
            short => OnnxType.Int16,
            int => OnnxType.Int32,
            long => OnnxType.Int64,
            byte => OnnxType.UInt8,
            ushort => OnnxType.UInt16,
            uint => OnnxType.UInt32,
            ulong => OnnxType.UInt64,
            _ => throw new NotSupportedException($"ONNX has no element type for {typeof(T)}."),
        };
}
