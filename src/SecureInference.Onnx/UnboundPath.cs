using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Onnx;

/// <summary>Runs requests of any types and shapes; ONNX Runtime makes the outputs.</summary>
internal sealed class UnboundPath(InferenceSession session, ModelMetadata metadata)
{
    private readonly string[] _allOutputs = [.. metadata.Outputs.Select(static output => output.Name)];

    public InferenceResponse Run(InferenceRequest request, RunOptions options)
    {
        var inputNames = new string[request.Inputs.Count];
        for (var index = 0; index < inputNames.Length; index++)
        {
            inputNames[index] = request.Inputs[index].Name;
        }

        IReadOnlyCollection<string> outputNames = request.Outputs.Count == 0 ? _allOutputs : request.Outputs;
        using var inputs = new InputValues(request.Inputs);
        using var outputs = session.Run(options, inputNames, inputs.Values, outputNames);
        return Read(outputNames, outputs);
    }

    private static InferenceResponse Read(IReadOnlyCollection<string> names, IReadOnlyList<OrtValue> values)
    {
        var tensors = new List<Tensor>(values.Count);
        try
        {
            foreach (var name in names)
            {
                tensors.Add(OutputReader.Read(name, values[tensors.Count]));
            }

            return new InferenceResponse(tensors);
        }
        catch
        {
            using var unfinished = new InferenceResponse(tensors);
            throw;
        }
    }
}
