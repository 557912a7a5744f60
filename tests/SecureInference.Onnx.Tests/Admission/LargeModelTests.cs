using System.Security.Cryptography;

namespace SecureInference.Onnx.Tests.Admission;

public sealed class LargeModelTests
{
    private const int DataBytes = 512 << 20;

    [Fact]
    public void Scan_HalfAGigabyteOfWeights_IsSkippedNotCopied()
    {
        var file = Build();

        var (scan, allocated, elapsed) = Scanned.Measure(file);

        Assert.Equal("", scan.Describe());
        Assert.InRange(allocated, 0, 1 << 20);
        TestContext.Current.SendDiagnosticMessage("512 MiB of weights: {0:0.000} ms, {1} bytes allocated.", elapsed.TotalMilliseconds, allocated);
    }

    // One array, filled in place: the data is far larger than what is around it.
    private static byte[] Build()
    {
        var tensorTail = Proto.Text(8, "w");
        byte[] tensorHead = [.. Proto.Number(1, DataBytes / 4 / 128), .. Proto.Number(1, 128), .. Proto.Number(2, 1), 0x4A, .. Proto.Varint(DataBytes)];
        var tensor = tensorHead.Length + DataBytes + tensorTail.Length;
        byte[] graphHead = [0x2A, .. Proto.Varint((ulong)tensor), .. tensorHead];
        byte[] graphTail = [.. tensorTail, .. Proto.Input("x", 7, -1), .. Proto.Output("y", 1, -1, 128), .. Proto.Node("Gather", "w x", "y")];
        byte[] head = [.. Proto.Number(1, 8), .. Proto.Message(8, Proto.Number(2, 17)), 0x3A, .. Proto.Varint((ulong)(graphHead.Length + DataBytes + graphTail.Length)), .. graphHead];
        var file = GC.AllocateUninitializedArray<byte>(head.Length + DataBytes + graphTail.Length);
        head.CopyTo(file, 0);
        RandomNumberGenerator.Fill(file.AsSpan(head.Length, 1024));
        graphTail.CopyTo(file, head.Length + DataBytes);
        return file;
    }
}
