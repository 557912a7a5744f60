using SecureInference.TestSupport.Onnx;

namespace SecureInference.Load;

/// <summary>A fully connected network with fixed random weights: <c>x</c> of [-1, inputs] to <c>y</c> of [-1, outputs], FP32.</summary>
internal sealed record Net(string Name, params int[] Layers)
{
    public static IReadOnlyList<Net> All { get; } = [new("small", 64, 64, 10), new("medium", 784, 512, 512, 10), new("large", 1024, 4096, 4096, 1000)];

    public int Inputs => Layers[0];

    public void Write(string path) => File.WriteAllBytes(path, OnnxModels.Mlp(Layers));
}
