using System.Text.Json;

namespace SecureInference.IntegrationTests.Samples;

public sealed class NonFiniteTests(ServedModels models) : IClassFixture<ServedModels>
{
    [Fact]
    public async Task Infer_OutputsThatAreNotFinite_AreWordsInJsonAndBitsInBinary()
    {
        var input = WireTensor.Of("x", "FP32", [2, 4], 0f, 1f, -1f, 0f, -3f, 0f, 2f, 5f);

        var json = await models.InferAsync("nonfinite", InferBody.Json("json", input));
        var binary = await models.InferAsync("nonfinite", InferBody.Binary("binary", input));

        Assert.Contains("\"data\":[\"NaN\",\"Infinity\",\"-Infinity\",-0,\"-Infinity\",\"NaN\",\"Infinity\",-5]", json.Json, StringComparison.Ordinal);
        Assert.Equal(binary.Outputs[0].Values<float>().Select(Class), json.Outputs[0].Values<float>().Select(Class));
        Assert.Equal(["NaN", "Infinity", "-Infinity", "80000000"], binary.Outputs[0].Values<float>()[..4].Select(Class));
        using var document = JsonDocument.Parse(json.Json);
        Assert.Equal(JsonValueKind.String, document.RootElement.GetProperty("outputs")[0].GetProperty("data")[0].ValueKind);
    }

    [Fact]
    public async Task Infer_InputsThatAreNotFinite_AreRefusedInBothForms()
    {
        foreach (var value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, BitConverter.UInt32BitsToSingle(0x7F800001) })
        {
            var input = WireTensor.Of("x", "FP32", [1, 4], 1f, 2f, 3f, value);

            var binary = await models.RefuseAsync("nonfinite", InferBody.Binary("1", input));
            var json = await models.RefuseAsync("nonfinite", InferBody.Text(JsonOf("x", Class(value))));

            Assert.All([binary, json], static refusal =>
            {
                Assert.Equal((400, "tensor_invalid"), (refusal.Status, refusal.Rule));
                Assert.Contains("input 'x'", refusal.Detail, StringComparison.Ordinal);
                Assert.Contains("not finite", refusal.Detail, StringComparison.Ordinal);
            });
        }
    }

    [Fact]
    public async Task Infer_ModelThatAllowsThem_TakesTheWordsItWrites()
    {
        var input = WireTensor.Of("X", "FP32", [1, 4], float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f);

        var binary = await models.InferAsync("anything", InferBody.Binary("1", input));
        var json = await models.InferAsync("anything", InferBody.Text(
            """{"inputs":[{"name":"X","shape":[1,4],"datatype":"FP32","data":["NaN","Infinity","-Infinity",-0.0]}]}"""));

        Assert.Equal(input.Data, binary.Outputs[0].Data);
        Assert.Equal(binary.Outputs[0].Values<float>().Select(Class), json.Outputs[0].Values<float>().Select(Class));
    }

    [Theory]
    [InlineData("nan")]
    [InlineData("+Infinity")]
    [InlineData("inf")]
    [InlineData("1")]
    [InlineData("")]
    public async Task Infer_OtherWords_AreRefusedEvenThere(string word)
    {
        var refusal = await models.RefuseAsync("anything", InferBody.Text(JsonOf("X", word)));

        Assert.Equal((400, "tensor_invalid"), (refusal.Status, refusal.Rule));
    }

    private static string JsonOf(string input, string word) =>
        $$"""{"inputs":[{"name":"{{input}}","shape":[1,4],"datatype":"FP32","data":[1,2,3,"{{word}}"]}]}""";

    // Bits, but for NaN, which has many.
    private static string Class(float value) => float.IsFinite(value)
        ? BitConverter.SingleToUInt32Bits(value).ToString("X8", System.Globalization.CultureInfo.InvariantCulture)
        : value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
