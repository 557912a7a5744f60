using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests.Admission;

public sealed class DamageTests
{
    private const int Constant = 1 << 20;

    [Fact]
    public void Scan_EachTruncation_IsRefusedOrAdmittedInBoundedMemory()
    {
        var file = OnnxModels.Mlp(3, 4, 2);

        for (var length = 0; length < file.Length; length++)
        {
            var (_, allocated, _) = Scanned.Measure(file.AsMemory(0, length));

            Assert.InRange(allocated, 0, (2 * length) + Constant);
        }
    }

    [Fact]
    public void Scan_EachByteFlipped_IsRefusedOrAdmittedInBoundedMemory()
    {
        var file = OnnxModels.Mlp(3, 4, 2);

        for (var index = 0; index < file.Length; index++)
        {
            foreach (var mask in (ReadOnlySpan<byte>)[0x01, 0x80, 0xFF])
            {
                var damaged = (byte[])file.Clone();
                damaged[index] ^= mask;
                var (_, allocated, _) = Scanned.Measure(damaged);

                Assert.InRange(allocated, 0, (2 * damaged.Length) + Constant);
            }
        }
    }

    [Fact]
    public void Scan_MillionNodes_StaysInProportionToTheFile()
    {
        var nodes = Enumerable.Range(0, 1_000_000).Select(static index => Proto.Node("Relu", index == 0 ? "x" : $"v{index - 1}", $"v{index}"));
        var file = Proto.Model(Proto.Graph([Proto.Input("x", 1, 1), Proto.Output("v999999"), .. nodes]));

        var (scan, allocated, _) = Scanned.Measure(file);

        Assert.Equal("", scan.Describe());
        // Twice the file, and a constant.
        Assert.InRange(allocated, 0, (2L * file.Length) + (64 << 20));
    }
}
