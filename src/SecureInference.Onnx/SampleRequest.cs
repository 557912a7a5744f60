using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SecureInference.Onnx;

/// <summary>Makes the requests that a model is warmed up with.</summary>
internal static class SampleRequest
{
    // Ones: unlike zeros they divide, count, select and stand in tables without harm.
    private const int One = 1;

    /// <summary>The upper half of the single-precision number 1.</summary>
    private const ushort BFloat16One = 0x3F80;

    public static InferenceRequest Create(ModelMetadata metadata, int rows) =>
        new([.. metadata.Inputs.Select(input => Create(input, rows))]);

    private static Tensor Create(TensorSpec spec, int rows)
    {
        var shape = spec.Shape.ToArray();
        for (var index = 0; index < shape.Length; index++)
        {
            shape[index] = shape[index] >= 0 ? shape[index] : index == 0 ? rows : 1;
        }

        // A text is the length 1 in four bytes, and the character.
        var size = spec.DataType == TensorDataType.Bytes ? sizeof(int) + 1 : spec.DataType.GetElementSize();
        var data = new byte[checked(Tensor.CountElements(shape) * size)];
        Fill(spec.DataType, data);
        return new Tensor(spec.Name, spec.DataType, shape, data, rented: null);
    }

    private static void Fill(TensorDataType type, Span<byte> data)
    {
        switch (type)
        {
            case TensorDataType.Bool or TensorDataType.Int8 or TensorDataType.UInt8:
                data.Fill(One);
                break;
            case TensorDataType.Int16 or TensorDataType.UInt16:
                MemoryMarshal.Cast<byte, short>(data).Fill(One);
                break;
            case TensorDataType.Int32 or TensorDataType.UInt32:
                MemoryMarshal.Cast<byte, int>(data).Fill(One);
                break;
            case TensorDataType.Int64 or TensorDataType.UInt64:
                MemoryMarshal.Cast<byte, long>(data).Fill(One);
                break;
            case TensorDataType.Float16:
                MemoryMarshal.Cast<byte, Half>(data).Fill(Half.One);
                break;
            case TensorDataType.BFloat16:
                MemoryMarshal.Cast<byte, ushort>(data).Fill(BFloat16One);
                break;
            case TensorDataType.Float32:
                MemoryMarshal.Cast<byte, float>(data).Fill(One);
                break;
            case TensorDataType.Float64:
                MemoryMarshal.Cast<byte, double>(data).Fill(One);
                break;
            case TensorDataType.Bytes:
                FillTexts(data);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, null);
        }
    }

    private static void FillTexts(Span<byte> data)
    {
        for (; !data.IsEmpty; data = data[(sizeof(int) + 1)..])
        {
            BinaryPrimitives.WriteInt32LittleEndian(data, 1);
            data[sizeof(int)] = (byte)'1';
        }
    }
}
