using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Onnx;

/// <summary>Reads what a model takes and gives, and refuses what no tensor protocol carries.</summary>
internal static class SignatureReader
{
    /// <exception cref="ModelLoadException">An input or output is no tensor, or of elements that the protocol does not know.</exception>
    public static ModelMetadata Read(string model, ModelOptions options, string digest, long fileBytes, InferenceSession session)
    {
        var metadata = ReadAll(model, options, digest, fileBytes, session);
        var least = OutputSize.OfKnown(metadata, wanted: [], rows: 1);
        return least <= options.MaxOutputBytes ? metadata : throw new ModelLoadException(
            $"Models:{model}:MaxOutputBytes is {options.MaxOutputBytes}, but one row of the model's outputs takes {least} bytes. Write at least that.");
    }

    private static ModelMetadata ReadAll(string model, ModelOptions options, string digest, long fileBytes, InferenceSession session) => new()
    {
        Name = model,
        Version = "1",
        Platform = "onnxruntime_onnx",
        Digest = digest,
        FileBytes = fileBytes,
        Inputs = Read(model, "input", session.InputNames, session.InputMetadata),
        Outputs = Read(model, "output", session.OutputNames, session.OutputMetadata),
        Limits = new ModelLimits(
            options.MaxBatchSize ?? ModelOptions.DefaultMaxRows,
            options.MaxTensorElements,
            options.MaxBytesLength,
            options.AllowNonFinite)
        {
            MaxOutputBytes = options.MaxOutputBytes,
        },
    };

    private static TensorSpec[] Read(
        string model, string role, IReadOnlyList<string> names, IReadOnlyDictionary<string, NodeMetadata> nodes) =>
        [.. names.Select(name => Read(model, role, name, nodes[name]))];

    private static TensorSpec Read(string model, string role, string name, NodeMetadata node)
    {
        var what = node.OnnxValueType switch
        {
            OnnxValueType.ONNX_TYPE_TENSOR => null,
            OnnxValueType.ONNX_TYPE_SEQUENCE => "a sequence",
            OnnxValueType.ONNX_TYPE_MAP => "a map",
            OnnxValueType.ONNX_TYPE_OPTIONAL => "optional",
            OnnxValueType.ONNX_TYPE_SPARSETENSOR => "a sparse tensor",
            _ => "not a tensor",
        };
        if (what is not null)
        {
            throw new ModelLoadException(
                $"Models:{model}: {role} '{name}' is {what}, which the protocol cannot carry. " +
                "Convert the model to tensors; for scikit-learn, convert with zipmap=False.");
        }

        if (ElementTypes.ToProtocol(node.ElementDataType) is not { } type)
        {
            throw new ModelLoadException(
                $"Models:{model}: {role} '{name}' holds elements of type {node.ElementDataType}, which the protocol cannot carry. " +
                "Convert the model with a Cast to another type.");
        }

        // An unnamed dimension has an empty symbol, and some exporters call each of them "?": neither says that it equals the others.
        var symbols = Array.ConvertAll(node.SymbolicDimensions, symbol => string.IsNullOrEmpty(symbol) || symbol == "?" ? null : symbol);
        var shape = Array.ConvertAll(node.Dimensions, dimension => (long)dimension);
        RequireRowToFit(model, role, name, type, shape);
        return new TensorSpec(name, type, shape, symbols);
    }

    // Every tensor of ours is an array of bytes.
    private static void RequireRowToFit(string model, string role, string name, TensorDataType type, long[] shape)
    {
        var bytes = (Int128)Math.Max(type.GetElementSize(), sizeof(int));
        foreach (var dimension in shape)
        {
            bytes *= Math.Max(1, dimension);
            if (bytes > Array.MaxLength)
            {
                throw new ModelLoadException($"Models:{model}: one row of {role} '{name}' takes 2 GiB or more. Split the model.");
            }
        }
    }
}
