namespace SecureInference.TestSupport.Onnx;

/// <summary>Builds a fully connected network: Gemm and Relu by turns, Softmax at the end.</summary>
internal static class MlpModel
{
    public static byte[] Build(int[] layers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers.Length, 2);

        var model = new OnnxModelBuilder("mlp")
            .Input("x", OnnxType.Float, "batch", layers[0])
            .Output("y", OnnxType.Float, "batch", layers[^1]);
        var state = 1u;
        var last = layers.Length - 1;

        for (var layer = 1; layer <= last; layer++)
        {
            var (rows, columns) = (layers[layer - 1], layers[layer]);
            var input = layer == 1 ? "x" : $"hidden{layer - 1}";
            model
                .Initializer($"weight{layer}", Weights(rows, columns, ref state), rows, columns)
                .Initializer($"bias{layer}", new float[columns], columns)
                .Node("Gemm", [input, $"weight{layer}", $"bias{layer}"], [$"sum{layer}"]);

            if (layer < last)
            {
                model.Node("Relu", [$"sum{layer}"], [$"hidden{layer}"]);
            }
        }

        return model
            .Node("Softmax", [$"sum{last}"], ["y"], OnnxAttribute.Int("axis", 1))
            .Build();
    }

    // Xorshift: the same weights on every machine and in every version of .NET, which Random does not promise.
    private static float[] Weights(int rows, int columns, ref uint state)
    {
        var weights = new float[rows * columns];
        // Keeps the spread of the values the same from layer to layer.
        var bound = MathF.Sqrt(6f / rows);

        for (var i = 0; i < weights.Length; i++)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            weights[i] = bound * ((state / (float)uint.MaxValue * 2) - 1);
        }

        return weights;
    }
}
