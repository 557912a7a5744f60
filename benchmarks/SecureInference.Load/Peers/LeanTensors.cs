using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Load.Peers;

/// <summary>Memory of one request at a time, made into tensors once.</summary>
internal sealed class LeanTensors(string input, string output, int inputs, int outputs)
{
    private readonly RunOptions _options = new();
    private readonly string[] _inputNames = [input];
    private readonly string[] _outputNames = [output];
    private OrtValue[]? _inputValues;
    private OrtValue[]? _outputValues;

    public float[] Input { get; } = GC.AllocateArray<float>(inputs, pinned: true);

    public float[] Output { get; } = GC.AllocateArray<float>(outputs, pinned: true);

    public void Run(InferenceSession session)
    {
        _inputValues ??= [OrtValue.CreateTensorValueFromMemory(Input, [1, inputs])];
        _outputValues ??= [OrtValue.CreateTensorValueFromMemory(Output, [1, outputs])];
        session.Run(_options, _inputNames, _inputValues, _outputNames, _outputValues);
    }
}
