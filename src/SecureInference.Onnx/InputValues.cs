using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Onnx;

/// <summary>A request's inputs, copied into memory of ONNX Runtime's, where every type is aligned as it must be, and which a GPU may have pinned.</summary>
internal sealed class InputValues : IDisposable
{
    private readonly List<OrtValue> _values;
    private readonly IReadOnlyList<Tensor> _inputs;

    public InputValues(IReadOnlyList<Tensor> inputs, OrtAllocator memory)
    {
        _inputs = inputs;
        _values = new List<OrtValue>(inputs.Count);
        try
        {
            foreach (var input in inputs)
            {
                _values.Add(input.DataType == TensorDataType.Bytes ? CreateStrings(input) : CreateNumbers(input, memory));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyCollection<OrtValue> Values => _values;

    public void Dispose()
    {
        for (var index = 0; index < _values.Count; index++)
        {
            using var value = _values[index];
            if (_inputs[index].DataType != TensorDataType.Bytes)
            {
                // The allocator hands this memory on as it is.
                value.GetTensorMutableRawData().Clear();
            }
        }
    }

    private static OrtValue CreateNumbers(Tensor input, OrtAllocator memory)
    {
        var value = OrtValue.CreateAllocatedTensorValue(
            memory, ElementTypes.ToOnnx(input.DataType), input.Shape.ToArray());
        try
        {
            input.Data.Span.CopyTo(value.GetTensorMutableRawData());
            return value;
        }
        catch
        {
            value.Dispose();
            throw;
        }
    }

    private static OrtValue CreateStrings(Tensor input)
    {
        var value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, input.Shape.ToArray());
        try
        {
            var count = input.ElementCount;
            var elements = new BytesElements(input.Data.Span);
            for (var index = 0; index < count && elements.MoveNext(); index++)
            {
                value.StringTensorSetElementAt(elements.Current, index);
            }

            return value;
        }
        catch
        {
            value.Dispose();
            throw;
        }
    }
}
