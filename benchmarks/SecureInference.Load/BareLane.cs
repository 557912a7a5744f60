using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace SecureInference.Load;

/// <summary>Memory for the rows of one batch, bound to a session once.</summary>
internal sealed class BareLane : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly OrtIoBinding _binding;
    private readonly OrtValue _input;
    private readonly OrtValue _output;

    public BareLane(InferenceSession session, int rows)
    {
        _session = session;
        _binding = session.CreateIoBinding();
        _input = Allocate(rows, session.InputMetadata["x"].Dimensions[1]);
        _output = Allocate(rows, session.OutputMetadata["y"].Dimensions[1]);
        _input.GetTensorMutableDataAsSpan<float>().Fill(0.5f);
        _binding.BindInput("x", _input);
        _binding.BindOutput("y", _output);
    }

    public void Run() => _session.RunWithBinding(_options, _binding);

    public void Dispose()
    {
        _binding.Dispose();
        _input.Dispose();
        _output.Dispose();
        _options.Dispose();
    }

    private static OrtValue Allocate(int rows, int columns) =>
        OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, [rows, columns]);
}
