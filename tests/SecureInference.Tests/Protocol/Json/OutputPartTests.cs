using System.Text.Json;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol.Json;

public class OutputPartTests
{
    private const string Inputs =
        """
        "inputs":[{"name":"a","datatype":"FP32","shape":[1,2],"data":[1,2]},{"name":"b","datatype":"BYTES","shape":[1],"data":["s"]},
        {"name":"c","datatype":"INT64","shape":[1],"data":[9]}]
        """;

    [Theory]
    [InlineData("null", "A,B,C")]
    [InlineData("[]", "A,B,C")]
    [InlineData("""[{"name":"C"}]""", "C")]
    [InlineData("""[{"name":"C"},{"name":"A"}]""", "C,A")]
    [InlineData("""[{"parameters":null,"name":"B"},{"parameters":{},"name":"C"},{"parameters":{"binary_data":false,"x":[]},"name":"A"}]""", "B,C,A")]
    public async Task Infer_Outputs_ComeInTheOrderAskedFor(string outputs, string names)
    {
        var answer = await Conversation.SendAsync(Models.Three(), Wire.Utf8($$"""{{{Inputs}},"outputs":{{outputs}}}"""), packet: 3);

        answer.MustBeFine();
        Assert.Equal(names, string.Join(',', answer.Json.GetProperty("outputs").EnumerateArray().Select(static output => output.GetProperty("name").GetString())));
        Assert.All(answer.Json.GetProperty("outputs").EnumerateArray(), static output => Assert.True(output.TryGetProperty("data", out _)));
    }

    [Theory]
    [InlineData("""[{"name":"A"},{"name":"A"}]""", "output 'A' is requested twice")]
    [InlineData("""[{"name":"A"},{"name":"C"},{"name":"\u0041"}]""", "output 'A' is requested twice")]
    [InlineData("""[{"name":"a"}]""", "unexpected inference output 'a' for model 'fake'")]
    [InlineData("""[{"name":""}]""", "unexpected inference output ''")]
    [InlineData("""[{}]""", "no name")]
    [InlineData("""[{"name":null}]""", "no name")]
    [InlineData("""[{"name":1}]""", "must be a string")]
    [InlineData("""[null]""", "must be a JSON object")]
    [InlineData("""["A"]""", "must be a JSON object")]
    [InlineData("""{"name":"A"}""", "outputs must be a JSON array")]
    [InlineData("\"A\"", "outputs must be a JSON array")]
    [InlineData("""[{"name":"A","parameters":{"binary_data":1}}]""", "binary_data must be true or false")]
    [InlineData("""[{"name":"A","parameters":[]}]""", "parameters must be a JSON object")]
    [InlineData("""[{"name":"A","parameters":{"binary_data":true,"binary_data":true}}]""", "'binary_data' twice")]
    public async Task Infer_OutputsThatCannotBe_Returns400(string outputs, string because)
    {
        var answer = await Conversation.SendAsync(Models.Three(), Wire.Utf8($$"""{{{Inputs}},"outputs":{{outputs}}}"""));

        answer.MustRefuse(400, because);
    }

    [Theory]
    [InlineData("""{"name":"y"}""", "requested twice")]
    [InlineData("""{"name":"z"}""", "unexpected inference output")]
    [InlineData("{}", "no name")]
    public async Task Infer_AMillionOutputs_EndsAtTheFirstWrongOne(string output, string because)
    {
        var body = Wire.Utf8($$"""{"outputs":[{{string.Join(',', Enumerable.Repeat(output, 1_000_000))}}]}""");
        var reader = new PacketReader(body, static () => 4096);

        var answer = await Conversation.SendAsync(Models.Sink(TensorDataType.Float32, -1, 100_000), reader);

        answer.MustRefuse(400, because);
        Assert.InRange(reader.Arrived, 1, 4096);
    }

    [Fact]
    public async Task Infer_BinaryByDefault_IsOverriddenPerOutput()
    {
        var body = Wire.Utf8(
            $$$"""{"parameters":{"binary_data_output":true},{{{Inputs}}},"outputs":[{"name":"C"},{"name":"A","parameters":{"binary_data":false}},{"name":"B"}]}""");

        var answer = await Conversation.SendAsync(Models.Three(), body);

        answer.MustBeFine();
        Assert.Equal("application/octet-stream", answer.Headers.ContentType);
        Assert.Equal("[1,2]", answer.Data(1));
        Assert.Equal(Wire.Join(Wire.Numbers(9L), Wire.Strings(Wire.Utf8("s"))), answer.Binary);
        Assert.Equal(8, answer.Json.GetProperty("outputs")[0].GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
        Assert.False(answer.Json.GetProperty("outputs")[0].TryGetProperty("data", out _));
    }

    [Theory]
    [InlineData(TensorDataType.Float16)]
    [InlineData(TensorDataType.BFloat16)]
    public async Task Infer_OutputWithoutJsonForm_Returns400BeforeTheRunUnlessAskedForInBinary(TensorDataType type)
    {
        var model = FakeModel.Create(
            [new TensorSpec("x", TensorDataType.Float32, [-1, 4])],
            [new TensorSpec("y", type, [1])],
            (_, _) => ValueTask.FromResult(new InferenceResponse(new Tensor("y", type, [1], new byte[] { 1, 2 }, rented: null))));

        var json = await Conversation.SendAsync(model, Wire.Good());
        var named = await Conversation.SendAsync(model, Wire.Good(""","outputs":[{"name":"y","parameters":{"binary_data":false}}],"parameters":{"binary_data_output":true}"""));
        var binary = await Conversation.SendAsync(model, Wire.Good(""","outputs":[{"name":"y","parameters":{"binary_data":true}}]"""));

        json.MustRefuse(400, "binary_data");
        named.MustRefuse(400, "binary_data");
        Assert.Equal([1, 2], binary.MustBeFine().Binary);
    }

    [Fact]
    public async Task Infer_StringsThatAreNotUtf8_Return400NamingBinaryDataAndTravelInBinary()
    {
        byte[] bytes = [.. Wire.Length(2), 0xFF, 0xFE];
        var model = Models.Constant(new Tensor("y", TensorDataType.Bytes, [1], bytes, rented: null));

        var json = await Conversation.SendAsync(model, Wire.Good());
        var binary = await Conversation.SendAsync(model, Wire.Good(""","parameters":{"binary_data_output":true}"""));

        Assert.Equal(400, json.Status);
        Assert.Contains("binary_data", json.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Empty(json.Warnings);
        Assert.Equal(bytes, binary.MustBeFine().Binary);
        Assert.Equal("[1]", binary.Json.GetProperty("outputs")[0].GetProperty("shape").GetRawText());
        Assert.Equal(JsonValueKind.Object, binary.Json.ValueKind);
    }
}
