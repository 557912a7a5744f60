using Microsoft.ML.OnnxRuntime;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Samples;

/// <summary>The sample's model, run by ONNX Runtime with nothing of ours in between.</summary>
internal sealed class PlainDigits : IDisposable
{
    private readonly InferenceSession _session = new(Path.Combine(Checkout.Sample("Digits"), "models", "digits.onnx"));

    public float[] Run(IReadOnlyCollection<int> rows)
    {
        var pixels = rows.SelectMany(static row => HeldOutDigits.All[row].Pixels).ToArray();
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [rows.Count, HeldOutDigits.Pixels]);
        using var options = new RunOptions();
        using var outputs = _session.Run(options, ["pixels"], [input], ["probabilities"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose() => _session.Dispose();
}
