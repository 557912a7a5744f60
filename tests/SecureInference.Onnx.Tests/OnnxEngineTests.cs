using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests;

public sealed class OnnxEngineTests
{
    public static TheoryData<OnnxType> ElementTypes { get; } = [.. new[]
    {
        OnnxType.Bool, OnnxType.Int8, OnnxType.Int16, OnnxType.Int32, OnnxType.Int64, OnnxType.UInt8, OnnxType.UInt16,
        OnnxType.UInt32, OnnxType.UInt64, OnnxType.Float16, OnnxType.Float, OnnxType.Double, OnnxType.String,
    }];

    [Theory]
    [MemberData(nameof(ElementTypes))]
    public async Task Run_AnyElementType_ComesBackUnchanged(OnnxType type)
    {
        await using var bound = await LoadedModel.LoadAsync(OnnxModels.Identity(type, "batch", 2));
        await using var unbound = await LoadedModel.LoadAsync(OnnxModels.Identity(type, "a", "b"));
        var input = Some.OfType(type);

        using var one = await bound.RunAsync(input);
        using var other = await unbound.RunAsync(input);

        Assert.All([one, other], response =>
        {
            Assert.Null(response.Error);
            var output = Assert.Single(response.Outputs);
            Assert.Equal("Y", output.Name);
            Assert.Equal(input.DataType, output.DataType);
            Assert.Equal([2, 2], output.Shape.ToArray());
            Assert.Equal(input.Data.ToArray(), output.Data.ToArray());
        });
    }

    [Theory]
    [InlineData(2)]
    [InlineData(null)]
    public async Task Run_BFloat16_ComesBackUnchanged(int? columns)
    {
        OnnxDim second = columns is { } size ? size : "b";
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Identity(OnnxType.BFloat16, "a", second));
        using var request = SampleRequest.Create(model.Engine.Metadata, 3);

        using var response = await model.Engine.RunAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(TensorDataType.BFloat16, response.Outputs[0].DataType);
        Assert.Equal(request.Inputs[0].Data.ToArray(), response.Outputs[0].Data.ToArray());
    }

    [Theory]
    [InlineData(24, true)]
    [InlineData(23, false)]
    public async Task Run_AnswerOfASizeKnownOnlyAfterwards_IsHeldToItsBudget(long budget, bool passes)
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.DataDependent(), options => options.MaxOutputBytes = budget);

        using var response = await model.RunAsync(Tensor.Create<long>("x", [4], [1, 0, 1, 1]));

        Assert.Equal(passes ? null : InferenceErrorCode.OutputNotRepresentable, response.Error?.Code);
        Assert.Equal(passes ? 24 : 0, response.Outputs.Sum(static output => output.Data.Length));
    }

    [Theory]
    [InlineData(13, true)]
    [InlineData(12, false)]
    public async Task Run_Strings_AreHeldToTheirBudgetWithTheirLengths(long budget, bool passes)
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Strings(), options => options.MaxOutputBytes = budget);

        using var response = await model.RunAsync(Tensor.Create("text", [2], ["ab", "cde"]));

        Assert.Equal(passes, response.Error is null);
        Assert.Equal(passes ? 13 : 0, response.Outputs.Sum(static output => output.Data.Length));
    }

    [Fact]
    public async Task Load_BudgetBelowOneRow_SaysWhatToWrite()
    {
        var failure = await Assert.ThrowsAsync<ModelLoadException>(() => LoadedModel.LoadAsync(OnnxModels.Gather(), static options => options.MaxOutputBytes = 15));

        Assert.Equal("Models:test:MaxOutputBytes is 15, but one row of the model's outputs takes 16 bytes. Write at least that.", failure.Message);
    }

    [Fact]
    public async Task Run_SeveralInputsInAnyOrder_AnswersEveryOutput()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.AddSub());

        using var response = await model.RunAsync(Some.Ints("INPUT1", 2, 16, seed: 100), Some.Ints("INPUT0", 2, 16));

        Assert.Equal(["OUTPUT0", "OUTPUT1"], response.Outputs.Select(output => output.Name));
        Assert.Equal(Enumerable.Range(0, 32).Select(index => (2 * index) + 100), response.Outputs[0].GetValues<int>().ToArray());
        Assert.Equal(Enumerable.Repeat(-100, 32), response.Outputs[1].GetValues<int>().ToArray());
    }

    [Fact]
    public async Task Run_OutputsWanted_SelectsAndOrdersThem()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.AddSub());
        await using var unbound = await LoadedModel.LoadAsync(OnnxModels.DynamicSequence());
        using var request = new InferenceRequest(Some.Ints("INPUT0", 1, 16), Some.Ints("INPUT1", 1, 16)) { Outputs = ["OUTPUT1", "OUTPUT0"] };
        using var other = new InferenceRequest(Some.Floats("x", 1, 3)) { Outputs = ["same"] };

        using var response = await model.Engine.RunAsync(request, TestContext.Current.CancellationToken);
        using var otherResponse = await unbound.Engine.RunAsync(other, TestContext.Current.CancellationToken);

        Assert.Equal(["OUTPUT1", "OUTPUT0"], response.Outputs.Select(output => output.Name));
        Assert.Equal(0, response.Outputs[0].GetValues<int>()[5]);
        Assert.Equal(10, response.Outputs[1].GetValues<int>()[5]);
        Assert.Equal("same", Assert.Single(otherResponse.Outputs).Name);
    }

    [Fact]
    public async Task Run_Scalars_AnswersAScalar()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Scalar());

        using var response = await model.RunAsync(Tensor.Create<float>("a", [], [3]), Tensor.Create<float>("b", [], [4]));

        Assert.True(response.Outputs[0].Shape.IsEmpty);
        Assert.Equal([12], response.Outputs[0].GetValues<float>().ToArray());
    }

    [Fact]
    public async Task Run_Strings_AnswersStrings()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Strings());

        using var response = await model.RunAsync(Tensor.Create("text", [3], ["one", "", "three"]));

        Assert.Equal(["ONE", "", "THREE"], response.Outputs[0].GetStrings());
    }

    [Fact]
    public async Task Run_DynamicDimensions_AnswersEachLength()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.DynamicSequence());

        for (var length = 1; length <= 5; length++)
        {
            using var response = await model.RunAsync(Tensor.Create<float>("x", [1, length], [.. Enumerable.Repeat(2f, length)]));

            Assert.Equal([2f * length], response.Outputs[0].GetValues<float>().ToArray());
            Assert.Equal([1, length], response.Outputs[1].Shape.ToArray());
        }
    }

    [Theory]
    [InlineData(new long[] { 1, 0, 2 }, new long[] { 0, 2 })]
    [InlineData(new long[] { 0, 0, 0 }, new long[0])]
    public async Task Run_ShapeHangsOnValues_AnswersWhatIsThere(long[] values, long[] expected)
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.DataDependent());

        using var response = await model.RunAsync(Tensor.Create<long>("x", [3], values));

        Assert.Equal([1, expected.Length], response.Outputs[0].Shape.ToArray());
        Assert.Equal(expected, response.Outputs[0].GetValues<long>().ToArray());
    }

    [Fact]
    public async Task Run_NoElements_AnswersNoElements()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Gather());

        using var response = await model.RunAsync(Tensor.Create<long>("index", [0], []));

        Assert.Equal([0, 4], response.Outputs[0].Shape.ToArray());
        Assert.True(response.Outputs[0].Data.IsEmpty);
    }

    [Fact]
    public async Task Run_NotFiniteOutputs_AnswersThem()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.NonFinite());

        using var response = await model.RunAsync(Tensor.Create<float>("x", [1, 4], [0, 1, -1, 0]));

        Assert.Equal([float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f], response.Outputs[0].GetValues<float>().ToArray());
    }

    [Fact]
    public async Task Run_LargerThanALanesMemory_AnswersAllTheSame()
    {
        const int Columns = 700_000;
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Identity(OnnxType.Float, "batch", Columns));
        var input = Some.Floats("X", 2, Columns);

        using var response = await model.RunAsync(input);

        Assert.True(input.Data.Span.SequenceEqual(response.Outputs[0].Data.Span));
    }
}
