namespace SecureInference.IntegrationTests.Samples;

public sealed class ModelKindsTests(ServedModels models) : IClassFixture<ServedModels>
{
    [Fact]
    public async Task AddSub_InputsInAnyOrder_AnswersBothOutputs()
    {
        var first = WireTensor.Of("INPUT0", "INT32", [3, 16], [.. Enumerable.Range(0, 48)]);
        var second = WireTensor.Of("INPUT1", "INT32", [3, 16], [.. Enumerable.Repeat(1000, 48)]);

        var outputs = await models.InferBothAsync("addsub", first, second);
        var turned = await models.InferBothAsync("addsub", second, first);

        Assert.Equal(["OUTPUT0", "OUTPUT1"], outputs.Select(static output => output.Name));
        Assert.Equal(Enumerable.Range(1000, 48), outputs[0].Values<int>());
        Assert.Equal(Enumerable.Range(-1000, 48), outputs[1].Values<int>());
        Assert.Equal(outputs.SelectMany(static output => output.Data), turned.SelectMany(static output => output.Data));
    }

    [Fact]
    public async Task AddSub_OutputsNamed_AreAnsweredInTheirOrderAndForm()
    {
        var data = string.Join(',', Enumerable.Range(0, 16));
        var inputs = string.Join(',', new[] { "INPUT0", "INPUT1" }.Select(name => $$"""{"name":"{{name}}","shape":[1,16],"datatype":"INT32","data":[{{data}}]}"""));

        var answer = await models.InferAsync("addsub", InferBody.Text(
            $$$"""{"outputs":[{"name":"OUTPUT1","parameters":{"binary_data":true}},{"name":"OUTPUT0"}],"inputs":[{{{inputs}}}]}"""));

        Assert.Equal(["OUTPUT1", "OUTPUT0"], answer.Outputs.Select(static output => output.Name));
        Assert.Equal(new int[16], answer.Outputs[0].Values<int>());
        Assert.Equal(Enumerable.Range(0, 16).Select(static value => 2 * value), answer.Outputs[1].Values<int>());
    }

    [Fact]
    public async Task AddSub_RowsThatDiffer_Is400AndNamesBothInputs()
    {
        var refusal = await models.RefuseAsync("addsub", InferBody.Binary(
            "1", WireTensor.Of("INPUT0", "INT32", [2, 16], new int[32]), WireTensor.Of("INPUT1", "INT32", [1, 16], new int[16])));

        Assert.Equal((400, "tensor_invalid"), (refusal.Status, refusal.Rule));
        Assert.Contains("'INPUT0'", refusal.Detail, StringComparison.Ordinal);
        Assert.Contains("'INPUT1'", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddSub_OneInputTwiceOrMissing_Is400()
    {
        var input = WireTensor.Of("INPUT0", "INT32", [1, 16], new int[16]);

        var twice = await models.RefuseAsync("addsub", InferBody.Binary("1", input, input));
        var missing = await models.RefuseAsync("addsub", InferBody.Binary("1", input));

        Assert.Contains("'INPUT0' is given twice", twice.Detail, StringComparison.Ordinal);
        Assert.Contains("'INPUT1' of model 'addsub' is missing", missing.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scalar_ShapeWithoutDimensions_AnswersAScalar()
    {
        var output = Assert.Single(await models.InferBothAsync(
            "scalar", WireTensor.Of("a", "FP32", [], 3f), WireTensor.Of("b", "FP32", [], 0.1f)));

        Assert.Empty(output.Shape);
        Assert.Equal([3f * 0.1f], output.Values<float>());
    }

    [Fact]
    public async Task Strings_Texts_AreRaised()
    {
        var output = Assert.Single(await models.InferBothAsync("strings", WireTensor.OfTexts("text", [3], "abc", "", "Straße 1")));

        Assert.Equal(WireTensor.OfTexts("upper", [3], "ABC", "", "STRAßE 1").Data, output.Data);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(32, 500)]
    [InlineData(2, 0)]
    public async Task DynamicSequence_AnyLength_IsSummed(int batch, int length)
    {
        var input = WireTensor.Of("x", "FP32", [batch, length], [.. Enumerable.Repeat(2f, batch * length)]);

        var outputs = await models.InferBothAsync("sequence", input);

        Assert.Equal(Enumerable.Repeat(2f * length, batch), outputs[0].Values<float>());
        Assert.Equal([batch, length], outputs[1].Shape);
        Assert.Equal(input.Data, outputs[1].Data);
    }

    [Theory]
    [InlineData(new long[] { 0, 5, 0, -1 }, new long[] { 1, 3 })]
    [InlineData(new long[] { 0, 0 }, new long[0])]
    [InlineData(new long[] { 7 }, new long[] { 0 })]
    public async Task DataDependent_OutputShape_HangsOnTheValues(long[] values, long[] indices)
    {
        var output = Assert.Single(await models.InferBothAsync("datadependent", WireTensor.Of("x", "INT64", [values.Length], values)));

        Assert.Equal([1, indices.Length], output.Shape);
        Assert.Equal(indices, output.Values<long>());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-11)]
    [InlineData(long.MaxValue)]
    public async Task Gather_IndexThatIsNotThere_Is400AndTheServerGoesOn(long index)
    {
        var refusal = await models.RefuseAsync("gather", InferBody.Binary("1", WireTensor.Of("index", "INT64", [2], 0, index)));
        var output = Assert.Single(await models.InferBothAsync("gather", WireTensor.Of("index", "INT64", [2], 9L, 0L)));

        Assert.Equal((400, "model_rejected_input"), (refusal.Status, refusal.Rule));
        Assert.Equal("The model cannot run on these values.", refusal.Detail);
        Assert.Equal([36f, 37f, 38f, 39f, 0f, 1f, 2f, 3f], output.Values<float>());
    }
}
