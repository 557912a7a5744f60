using System.Buffers.Binary;
using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Onnx;

/// <summary>Copies ONNX Runtime's outputs into an answer.</summary>
internal static class OutputReader
{
    /// <summary>Returns the bytes of an output in the protocol's binary form.</summary>
    public static long Measure(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        return info.IsString ? MeasureStrings(value, Tensor.CountElements(info.Shape)) : value.GetTensorSizeInBytes();
    }

    /// <exception cref="InvalidDataException">The output is larger than an answer can hold.</exception>
    public static Tensor Read(string name, OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        if (info.IsString)
        {
            return ReadStrings(name, info.Shape, value);
        }

        var type = ElementTypes.ToProtocol(info.ElementDataType)
            ?? throw new InvalidDataException("The output's element type is not the declared one.");
        var bytes = RequireToFit(value.GetTensorSizeInBytes());
        var tensor = Tensor.Rent(name, type, info.Shape, bytes, out var data);
        value.GetTensorMutableRawData().CopyTo(data.Span);
        return tensor;
    }

    private static Tensor ReadStrings(string name, long[] shape, OrtValue value)
    {
        var count = RequireToFit(Tensor.CountElements(shape));
        var tensor = Tensor.Rent(name, TensorDataType.Bytes, shape, RequireToFit(MeasureStrings(value, count)), out var data);
        var rest = data.Span;
        for (var index = 0; index < count; index++)
        {
            var element = value.GetStringElementAsSpan(index);
            BinaryPrimitives.WriteUInt32LittleEndian(rest, (uint)element.Length);
            element.CopyTo(rest[sizeof(uint)..]);
            rest = rest[(sizeof(uint) + element.Length)..];
        }

        return tensor;
    }

    private static long MeasureStrings(OrtValue value, long count)
    {
        var bytes = count * sizeof(uint);
        for (var index = 0L; index < count; index++)
        {
            bytes += value.GetStringElementAsSpan((int)index).Length;
        }

        return bytes;
    }

    private static int RequireToFit(long count) =>
        count <= Array.MaxLength ? (int)count : throw new InvalidDataException("The output is 2 GiB or larger.");
}
