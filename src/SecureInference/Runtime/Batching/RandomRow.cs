using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SecureInference.Runtime.Batching;

/// <summary>Makes requests of one row with random values.</summary>
internal static class RandomRow
{
    public static InferenceRequest CreateRequest(ModelMetadata metadata) => new([.. metadata.Inputs.Select(CreateTensor)]);

    private static Tensor CreateTensor(TensorSpec spec)
    {
        var shape = spec.Shape.ToArray();
        for (var index = 0; index < shape.Length; index++)
        {
            shape[index] = shape[index] >= 0 ? shape[index] : 1;
        }

        var tensor = Tensor.Rent(spec.Name, spec.DataType, shape, checked((int)Tensor.CountElements(shape) * spec.DataType.GetElementSize()), out var data);
        Fill(spec.DataType, data.Span);
        return tensor;
    }

    private static void Fill(TensorDataType type, Span<byte> data)
    {
        var size = type.GetElementSize();
        for (var offset = 0; offset < data.Length; offset += size)
        {
            var element = data.Slice(offset, size);
            var value = (RandomNumberGenerator.GetInt32(2001) / 1000.0) - 1;

            // Whole numbers may be indices: 0 and 1 stand in every table.
            var digit = (byte)RandomNumberGenerator.GetInt32(2);
            element.Clear();
            switch (type)
            {
                case TensorDataType.Float32:
                    MemoryMarshal.Write(element, (float)value);
                    break;
                case TensorDataType.Float64:
                    MemoryMarshal.Write(element, value);
                    break;
                case TensorDataType.Float16:
                    MemoryMarshal.Write(element, (Half)value);
                    break;
                case TensorDataType.BFloat16:
                    MemoryMarshal.Write(element, (ushort)(BitConverter.SingleToUInt32Bits((float)value) >> 16));
                    break;
                default:
                    element[0] = digit;
                    break;
            }
        }
    }
}
