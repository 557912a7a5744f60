namespace SecureInference.Onnx.Tests.Admission;

public sealed class VectorTests
{
    private const string Reason = "The folder of hostile models, shared/vectors/onnx-adversarial beside the checkout, is not there.";

    private static readonly Dictionary<string, string> Rules = new(StringComparer.Ordinal)
    {
        ["constant-of-shape-512mib.onnx"] = "ONNX-H1",
        ["constant-of-shape-tile-4gib.onnx"] = "ONNX-H1",
        ["custom-op-pyop.onnx"] = "ONNX-C3",
        ["external-absolute.onnx"] = "ONNX-G1",
        ["external-mem-addr-marker.onnx"] = "ONNX-G1",
        ["external-missing-file.onnx"] = "ONNX-G2",
        ["external-nested-traversal.onnx"] = "ONNX-G1",
        ["external-parent-traversal.onnx"] = "ONNX-G1",
        ["function-chain-100.onnx"] = "ONNX-E2",
        ["function-chain-3000.onnx"] = "ONNX-B7",
        ["function-chain-20000.onnx"] = "ONNX-B7",
        ["loop-1e9.onnx"] = "ONNX-D2",
        ["sparse-initializer-512mib.onnx"] = "ONNX-F5",
    };

    [Fact]
    public void Scan_EveryVector_IsRefusedByItsRuleInBoundedMemory()
    {
        Assert.SkipUnless(Directory.Exists(Vectors.Folder), Reason);
        var files = Directory.GetFiles(Vectors.Folder, "*.onnx");

        Assert.Equal(Rules.Keys.Order(), files.Select(static file => Path.GetFileName(file)).Order());
        foreach (var file in files)
        {
            var (scan, allocated, elapsed) = Scanned.Measure(File.ReadAllBytes(file));

            Assert.Contains(Rules[Path.GetFileName(file)], scan.Report.Refusals.Select(static finding => finding.Rule.Id));
            Assert.InRange(allocated, 0, 50 << 20);
            Assert.InRange(elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        }
    }

    [Fact]
    public async Task Load_EveryVector_IsRefusedWithRulePlaceAndRemedy()
    {
        Assert.SkipUnless(Directory.Exists(Vectors.Folder), Reason);

        foreach (var (name, rule) in Rules)
        {
            var file = await File.ReadAllBytesAsync(Path.Combine(Vectors.Folder, name), TestContext.Current.CancellationToken);

            var refusal = await Assert.ThrowsAsync<ModelLoadException>(() => LoadedModel.LoadAsync(file, static options => options.Admission = new AdmissionOptions()));

            Assert.Contains("is refused before it is loaded, under the policy Strict", refusal.Message, StringComparison.Ordinal);
            Assert.Contains(rule, refusal.Message, StringComparison.Ordinal);
        }
    }
}
