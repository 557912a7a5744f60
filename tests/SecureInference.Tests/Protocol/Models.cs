using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol;

/// <summary>Models that give back what they get.</summary>
internal static class Models
{
    /// <summary>"x" to "y", of one type and shape.</summary>
    public static FakeModel Echo(TensorDataType type, params long[] shape) => FakeModel.Create(
        [new TensorSpec("x", type, shape)],
        [new TensorSpec("y", type, shape)],
        static (request, _) => ValueTask.FromResult(new InferenceResponse(Copy("y", request.Inputs[0]))));

    /// <summary>"x" of any size to one number: cheap for large inputs.</summary>
    public static FakeModel Sink(TensorDataType type, params long[] shape) => FakeModel.Create(
        [new TensorSpec("x", type, shape)],
        [new TensorSpec("y", TensorDataType.Int64, [1])],
        static (request, _) => ValueTask.FromResult(new InferenceResponse(Tensor.Create<long>("y", [1], [request.Inputs[0].Data.Length]))));

    /// <summary>"a" FP32 [-1,2], "b" BYTES [-1] and "c" INT64 [-1] to "A", "B" and "C": the same, in the order asked for.</summary>
    public static FakeModel Three() => FakeModel.Create(
        [new TensorSpec("a", TensorDataType.Float32, [-1, 2]), new TensorSpec("b", TensorDataType.Bytes, [-1]), new TensorSpec("c", TensorDataType.Int64, [-1])],
        [new TensorSpec("A", TensorDataType.Float32, [-1, 2]), new TensorSpec("B", TensorDataType.Bytes, [-1]), new TensorSpec("C", TensorDataType.Int64, [-1])],
        static (request, _) =>
        {
            var names = request.Outputs.Count == 0 ? ["A", "B", "C"] : request.Outputs;
            return ValueTask.FromResult(new InferenceResponse(
                [.. names.Select(name => Copy(name, request.Inputs.Single(input => string.Equals(input.Name, name, StringComparison.OrdinalIgnoreCase))))]));
        });

    /// <summary>No input worth speaking of; answers with the same output each time.</summary>
    public static FakeModel Constant(params IReadOnlyList<Tensor> outputs) => FakeModel.Create(
        [new TensorSpec("x", TensorDataType.Float32, [-1, 4])],
        [.. outputs.Select(static output => new TensorSpec(output.Name, output.DataType, output.Shape))],
        (_, _) => ValueTask.FromResult(new InferenceResponse([.. outputs.Select(static output => Copy(output.Name, output))])));

    public static async Task<FakeModel> WithAsync(this FakeModel model, ModelOptions options)
    {
        await model.LoadAsync("fake", options, CancellationToken.None);
        return model;
    }

    private static Tensor Copy(string name, Tensor tensor) => new(name, tensor.DataType, tensor.Shape.ToArray(), tensor.Data.ToArray(), rented: null);
}
