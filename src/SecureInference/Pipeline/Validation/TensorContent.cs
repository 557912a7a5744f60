using System.Numerics;
using System.Runtime.InteropServices;

namespace SecureInference.Pipeline.Validation;

/// <summary>Checks the elements of a tensor whose shape is already known to be right.</summary>
internal static class TensorContent
{
    // The exponent bits; where all of them are set, the number is NaN or an infinity.
    private const ushort Float16Exponent = 0x7C00;
    private const ushort BFloat16Exponent = 0x7F80;
    private const uint Float32Exponent = 0x7F80_0000;
    private const ulong Float64Exponent = 0x7FF0_0000_0000_0000;

    public static InferenceError? Check(ModelMetadata model, Tensor tensor)
    {
        if (tensor.DataType == TensorDataType.Bytes)
        {
            return CheckBytes(model, tensor);
        }

        var expected = tensor.ElementCount * tensor.DataType.GetElementSize();
        if (tensor.Data.Length != expected)
        {
            return InferenceErrors.Tensor($"input '{tensor.Name}' has {tensor.Data.Length} bytes of data; its shape needs {expected}");
        }

        if (tensor.DataType == TensorDataType.Bool && tensor.Data.Span.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            return InferenceErrors.Tensor($"input '{tensor.Name}' is BOOL and holds a byte other than 0 and 1");
        }

        return model.Limits.AllowNonFinite || !HasNonFinite(tensor)
            ? null
            : InferenceErrors.Tensor($"input '{tensor.Name}' holds a number that is not finite");
    }

    private static InferenceError? CheckBytes(ModelMetadata model, Tensor tensor)
    {
        if (tensor.Data.Length > model.Limits.MaxBytesLength)
        {
            return InferenceErrors.Tensor($"input '{tensor.Name}' has more than the {model.Limits.MaxBytesLength} bytes that model '{model.Name}' takes");
        }

        var elements = new BytesElements(tensor.Data.Span);
        var count = 0L;
        while (elements.MoveNext())
        {
            count++;
        }

        return elements.IsAtEnd && count == tensor.ElementCount
            ? null
            : InferenceErrors.Tensor($"input '{tensor.Name}' does not hold the {tensor.ElementCount} length-prefixed elements that its shape says");
    }

    private static bool HasNonFinite(Tensor tensor) => tensor.DataType switch
    {
        TensorDataType.Float32 => HasAllBits(MemoryMarshal.Cast<byte, uint>(tensor.Data.Span), Float32Exponent),
        TensorDataType.Float64 => HasAllBits(MemoryMarshal.Cast<byte, ulong>(tensor.Data.Span), Float64Exponent),
        TensorDataType.Float16 => HasAllBits(MemoryMarshal.Cast<byte, ushort>(tensor.Data.Span), Float16Exponent),
        TensorDataType.BFloat16 => HasAllBits(MemoryMarshal.Cast<byte, ushort>(tensor.Data.Span), BFloat16Exponent),
        _ => false,
    };

    private static bool HasAllBits<T>(ReadOnlySpan<T> values, T bits)
        where T : unmanaged, IBinaryInteger<T>
    {
        var index = 0;
        var mask = new Vector<T>(bits);
        for (; index <= values.Length - Vector<T>.Count; index += Vector<T>.Count)
        {
            if (Vector.EqualsAny(new Vector<T>(values[index..]) & mask, mask))
            {
                return true;
            }
        }

        for (; index < values.Length; index++)
        {
            if ((values[index] & bits) == bits)
            {
                return true;
            }
        }

        return false;
    }
}
