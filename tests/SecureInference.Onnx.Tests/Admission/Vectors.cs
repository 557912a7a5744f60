using SecureInference.TestSupport;

namespace SecureInference.Onnx.Tests.Admission;

/// <summary>The hostile models that lie beside the checkout, where they do.</summary>
internal static class Vectors
{
    public static string Folder { get; } = Path.Combine(Checkout.Root, "..", "shared", "vectors", "onnx-adversarial");
}
