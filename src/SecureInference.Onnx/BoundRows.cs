using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Onnx;

/// <summary>A lane's memory, bound to the model's inputs and outputs for one number of rows.</summary>
internal sealed class BoundRows : IDisposable
{
    private readonly List<OrtValue> _values = [];

    public BoundRows(InferenceSession session, BoundLayout layout, LaneMemory memory, int rows)
    {
        Rows = rows;
        Binding = session.CreateIoBinding();
        try
        {
            foreach (var slot in layout.Inputs)
            {
                Binding.BindInput(slot.Spec.Name, CreateValue(slot, memory));
            }

            foreach (var slot in layout.Outputs)
            {
                Binding.BindOutput(slot.Spec.Name, CreateValue(slot, memory));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Rows { get; }

    public OrtIoBinding Binding { get; }

    public void Dispose()
    {
        Binding.Dispose();
        foreach (var value in _values)
        {
            value.Dispose();
        }
    }

    private OrtValue CreateValue(BoundSlot slot, LaneMemory memory)
    {
        var value = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance,
            ElementTypes.ToOnnx(slot.Spec.DataType),
            slot.GetShape(Rows),
            memory.GetAddress(slot.Offset),
            slot.GetBytes(Rows));
        _values.Add(value);
        return value;
    }
}
