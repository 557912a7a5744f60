using static SecureInference.Onnx.Tests.Admission.Proto;

namespace SecureInference.Onnx.Tests.Admission;

/// <summary>A sound model that is not the one that was meant.</summary>
public sealed class ContractTests
{
    private static readonly byte[] File = Model(Graph(Input("image", 1, -1, 64), Output("label", 7, -1, 10), Node("Relu", "image", "label")));

    public static TheoryData<string, string?, string?> Fitting => new()
    {
        { "FP32", "-1,64", null },
        { "FP32", null, null },
        { "FP32", "-1,-1", "-1,64" },
        { "FP32", null, "-1,100" },
    };

    public static TheoryData<string, string?, string?, string> Others => new()
    {
        { "INT64", null, null, "ONNX-I4" },
        { "FP32", "-1,32", null, "ONNX-I5" },
        { "FP32", "1,64", null, "ONNX-I5" },
        { "FP32", "-1,64,1", null, "ONNX-I5" },
        { "FP32", "", null, "ONNX-I5" },
        { "FP32", null, "-1,63", "ONNX-I5" },
        { "FP32", null, "32,64", "ONNX-I5" },
        { "FP32", null, "-1", "ONNX-I5" },
    };

    [Theory]
    [MemberData(nameof(Fitting))]
    public void Scan_ModelOfTheContract_IsAdmitted(string type, string? shape, string? most)
    {
        var scan = Of(File, contract => contract.Inputs["image"] = Tensor(type, shape, most));

        Assert.Equal("", scan.Describe());
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Scan_AnotherTypeOrShape_IsRefusedWithBoth(string type, string? shape, string? most, string rule)
    {
        var scan = Of(File, contract => contract.Inputs["image"] = Tensor(type, shape, most));

        var refusal = Assert.Single(scan.Report.Refusals);
        Assert.Equal(rule, refusal.Rule.Id);
        Assert.Contains("the input 'image'", refusal.What, StringComparison.Ordinal);
        Assert.Contains("correct Contract", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_OtherNames_NamesWhatIsTooMuchAndWhatIsMissing()
    {
        var scan = Of(File, static contract => contract.Outputs["scores"] = new TensorContractOptions());

        Assert.Equal(
            ["the output 'label' is not in the contract, which has scores", "the contract's output 'scores' is not in the model"],
            scan.Report.Refusals.Select(static refusal => refusal.What));
        Assert.All(scan.Report.Refusals, static refusal => Assert.Equal("ONNX-I3", refusal.Rule.Id));
    }

    [Fact]
    public void Scan_OutputWithoutAShape_FitsNoShape()
    {
        var output = Message(12, Text(1, "label"), Message(2, Message(1, Number(1, 1))));
        var file = Model(Graph(Input("image", 1, -1, 64), output, Node("Relu", "image", "label")));

        Assert.Equal("ONNX-I5", Assert.Single(Of(file, static contract => contract.Outputs["label"] = Tensor("FP32", "-1,64", null)).Report.Refusals).Rule.Id);
        Assert.False(Of(file, static contract => contract.Outputs["label"] = Tensor("FP32", null, null)).Report.IsRefused);
    }

    [Fact]
    public void Scan_WeightsAmongTheInputs_AreNoInputs()
    {
        var file = Model(Graph(Input("image", 7, -1, 2), Input("w", 7, 2), Int64s("w", 1, 2), Output("y", 7, -1, 2), Node("Add", "image w", "y")));

        Assert.Equal("", Of(file, static contract => contract.Inputs["image"] = Tensor("INT64", "-1,2", null)).Describe());
    }

    [Fact]
    public void Scan_ManyInputsThatNobodyAskedFor_CostNoMessageEach()
    {
        var file = Model(Graph([.. Enumerable.Range(0, 20_000).Select(static index => Input($"x{index}", 1, 2)), Output("y", 1, 2), Node("Relu", "x0", "y")]));

        var scan = Of(file, static contract => contract.Inputs["image"] = new TensorContractOptions());

        Assert.InRange(scan.Report.Refusals.Count(), 1, 4);
        Assert.True(scan.Report.HasMore);
    }

    [Fact]
    public void Problems_WrongContracts_SayWhatToWrite()
    {
        var options = new ModelOptions { Path = "m.onnx", Contract = new ModelContractOptions() };
        options.Contract.Inputs["image"] = new TensorContractOptions { DataType = "float", Shape = [-2], MaxShape = [1, 2] };
        options.Admission.Policy = AdmissionPolicy.Off;

        var problems = options.Problems("Models:m").ToArray();

        Assert.Contains(problems, static problem => problem.StartsWith("Models:m:Contract:Inputs:image:DataType is 'float'. Write one of: BOOL,", StringComparison.Ordinal));
        Assert.Contains(problems, static problem => problem.StartsWith("Models:m:Contract:Inputs:image:Shape is [-2]. Write the dimensions", StringComparison.Ordinal));
        Assert.Contains(problems, static problem => problem.Contains("Shape and MaxShape have 1 and 2 dimensions", StringComparison.Ordinal));
        Assert.Contains(problems, static problem => problem.StartsWith("Models:m:Contract is checked by the search that", StringComparison.Ordinal));
    }

    private static SecureInference.Onnx.Admission.ScanResult Of(byte[] file, Action<ModelContractOptions> agree) => Scanned.Of(
        file,
        configure: options =>
        {
            options.Contract = new ModelContractOptions();
            agree(options.Contract);
        },
        cancellationToken: TestContext.Current.CancellationToken);

    private static TensorContractOptions Tensor(string type, string? shape, string? most) => new() { DataType = type, Shape = Dimensions(shape), MaxShape = Dimensions(most) };

    private static List<long>? Dimensions(string? text) =>
        text?.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static size => long.Parse(size, System.Globalization.CultureInfo.InvariantCulture)).ToList();
}
