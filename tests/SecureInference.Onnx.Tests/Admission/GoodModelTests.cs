using SecureInference.TestSupport;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests.Admission;

public sealed class GoodModelTests
{
    public static TheoryData<string> Names => [.. GoodModels.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Load_EachFamily_IsServedUnderStrict(string name)
    {
        var (file, inputs) = GoodModels.All[name];

        Assert.Equal("", Scanned.Of(file, cancellationToken: TestContext.Current.CancellationToken).Describe());
        await using var model = await LoadedModel.LoadAsync(file, static options => options.Admission = new AdmissionOptions());
        using var response = await model.RunAsync(inputs);

        Assert.True(response.IsSuccess);
    }

    [Fact]
    public void Scan_SampleModel_IsClean()
    {
        var sample = Directory.GetFiles(Path.Combine(Checkout.Root, "samples"), "*.onnx", SearchOption.AllDirectories)
            .Where(static file => !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(sample);
        Assert.All(sample, static file => Assert.Equal("", Scanned.Of(File.ReadAllBytes(file), cancellationToken: TestContext.Current.CancellationToken).Describe()));
    }

    [Theory]
    [InlineData(4, 16, 4)]
    [InlineData(64, 256, 10)]
    [InlineData(784, 2048, 10)]
    public void Scan_BenchmarkNets_AreClean(int inputs, int hidden, int outputs) =>
        Assert.Equal("", Scanned.Of(OnnxModels.Mlp(inputs, hidden, hidden, outputs), cancellationToken: TestContext.Current.CancellationToken).Describe());

    [Fact]
    public void Scan_LengthWithoutBound_SaysWithWhichOptionItFits()
    {
        var attention = new OnnxModelBuilder("attention")
            .Input("x", OnnxType.Float, "batch", "length", 8).Output("y", OnnxType.Float, "batch", "length", 8)
            .Node("Transpose", ["x"], ["t"], OnnxAttribute.Ints("perm", 0, 2, 1))
            .Node("MatMul", ["x", "t"], ["s"]).Node("Softmax", ["s"], ["p"]).Node("MatMul", ["p", "x"], ["y"]).Build();

        var refusal = Assert.Single(Scanned.Of(attention, cancellationToken: TestContext.Current.CancellationToken).Report.Refusals);

        Assert.Equal("ONNX-H4", refusal.Rule.Id);
        Assert.Contains("with MaxTensorElements at ", refusal.What, StringComparison.Ordinal);
        Assert.Contains("graph / node ", refusal.Place, StringComparison.Ordinal);
        var fitting = int.Parse(refusal.What.Split("MaxTensorElements at ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal("", Scanned.Of(attention, configure: options => options.MaxTensorElements = fitting, cancellationToken: TestContext.Current.CancellationToken).Describe());
    }

    [Fact]
    public void Cost_Mlp_IsWhatItsMatricesTake()
    {
        var cost = Scanned.Of(OnnxModels.Mlp(64, 256, 10), configure: static options => options.MaxBatchSize = 8, cancellationToken: TestContext.Current.CancellationToken).Cost;

        Assert.NotNull(cost);
        Assert.InRange(cost.Flops, 2 * 8 * ((64 * 256) + (256 * 10)), 2.2 * 8 * ((64 * 256) + (256 * 10)));
        Assert.InRange(cost.PeakBytes, 8 * 256 * 4, 3 * 8 * 256 * 4);
    }
}
