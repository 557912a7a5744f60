using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Onnx;

/// <summary>Runs requests of any types and shapes; ONNX Runtime makes the outputs.</summary>
internal sealed class UnboundPath(InferenceSession session, ModelMetadata metadata, OrtAllocator memory)
{
    private readonly string[] _allOutputs = [.. metadata.Outputs.Select(static output => output.Name)];

    // Where sizes are known, the request was measured before its run; and several requests may run as one, each with a budget of its own.
    private readonly long _budget = metadata.Outputs.All(OutputSize.IsKnown) ? long.MaxValue : metadata.Limits.MaxOutputBytes;

    public InferenceResponse Run(InferenceRequest request, RunOptions options)
    {
        var inputNames = new string[request.Inputs.Count];
        for (var index = 0; index < inputNames.Length; index++)
        {
            inputNames[index] = request.Inputs[index].Name;
        }

        IReadOnlyCollection<string> outputNames = request.Outputs.Count == 0 ? _allOutputs : request.Outputs;
        using var inputs = new InputValues(request.Inputs, memory);
        using var outputs = session.Run(options, inputNames, inputs.Values, outputNames);
        return Read(outputNames, outputs);
    }

    private InferenceResponse Read(IReadOnlyCollection<string> names, IReadOnlyList<OrtValue> values)
    {
        // Measured before anything is copied.
        var bytes = 0L;
        foreach (var value in values)
        {
            bytes += OutputReader.Measure(value);
        }

        if (bytes > _budget)
        {
            return new InferenceResponse(InferenceErrors.OutputTooLarge(metadata));
        }

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
