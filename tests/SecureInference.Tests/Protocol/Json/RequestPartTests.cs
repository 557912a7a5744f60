using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol.Json;

public class RequestPartTests
{
    [Fact]
    public async Task Infer_PropertiesInAnyOrder_GiveTheSameAnswer()
    {
        string[] properties = ["\"name\":\"x\"", "\"datatype\":\"FP32\"", "\"shape\":[1,4]", "\"data\":[[1.5,-2],[3e1,4]]", "\"parameters\":{\"other\":[1,{}]}"];

        foreach (var order in Permutations(properties))
        {
            var body = Wire.Utf8($$"""{"id":"7","inputs":[{{{string.Join(',', order)}}}]}""");
            var answer = await Conversation.SendAsync(FakeModel.Echo(), body, packet: 3);

            answer.MustBeFine();
            Assert.Equal("[1.5,-2,30,4]", answer.Data());
        }
    }

    [Fact]
    public async Task Infer_SeveralInputsWithDataFirst_KeepsThemApart()
    {
        var body = Wire.Utf8(
            """
            {"outputs":null,"inputs":[
              {"data":["ä\n",["\u0062",""]],"shape":[3],"name":"b","datatype":"BYTES"},
              {"data":[[1,2],[3,4],[5,6]],"datatype":"FP32","shape":[3,2],"name":"a"},
              {"shape":[3],"data":[9007199254740993,2e1,-0],"datatype":"INT64","name":"c"}],"id":null}
            """);

        var answer = await Conversation.SendAsync(Models.Three(), body, packet: 1);

        answer.MustBeFine();
        Assert.Equal("[1,2,3,4,5,6]", answer.Data(0));
        Assert.Equal("""["ä\n","b",""]""", answer.Data(1));
        Assert.Equal("[9007199254740993,20,0]", answer.Data(2));
        Assert.False(answer.Json.TryGetProperty("id", out _));
    }

    [Theory]
    [InlineData("""{"id":"1","id":"1","inputs":[]}""", "'id' twice")]
    [InlineData("""{"id":null,"id":"1","inputs":[]}""", "'id' twice")]
    [InlineData("""{"inputs":[],"inputs":[]}""", "'inputs' twice")]
    [InlineData("""{"inputs":[],"\u0069nputs":[]}""", "'inputs' twice")]
    [InlineData("""{"inputs":[{"name":"x","name":"x"}]}""", "'name' twice")]
    [InlineData("""{"inputs":[{"shape":[1,4],"shape":[1,4]}]}""", "'shape' twice")]
    [InlineData("""{"inputs":[{"data":[1],"data":[1]}]}""", "'data' twice")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,4],"data":[1,2,3,4],"data":[1,2,3,4]}]}""", "'data' twice")]
    [InlineData("""{"inputs":[{"parameters":{},"parameters":{}}]}""", "'parameters' twice")]
    [InlineData("""{"inputs":[{"parameters":{"binary_data_size":1,"binary_data_size":1}}]}""", "'binary_data_size' twice")]
    [InlineData("""{"parameters":{"timeout":1,"timeout":1},"inputs":[]}""", "'timeout' twice")]
    [InlineData("""{"outputs":[{"name":"y","name":"y"}],"inputs":[]}""", "'name' twice")]
    public async Task Infer_DuplicateProperty_Returns400(string json, string because)
    {
        var answer = await Conversation.SendAsync(FakeModel.Echo(), Wire.Utf8(json));

        answer.MustRefuse(400, because);
    }

    [Theory]
    [InlineData("""{}""", "no inputs")]
    [InlineData("""{"inputs":null}""", "no inputs")]
    [InlineData("""{"inputs":{}}""", "inputs must be a JSON array")]
    [InlineData("""{"inputs":"x"}""", "inputs must be a JSON array")]
    [InlineData("""{"inputs":[]}""", "input 'x' of model 'fake' is missing")]
    [InlineData("""{"inputs":[null]}""", "")]
    [InlineData("""{"inputs":[[]]}""", "")]
    [InlineData("""{"inputs":[1]}""", "")]
    [InlineData("""{"inputs":[{}]}""", "lacks name")]
    [InlineData("""{"inputs":[{"name":null}]}""", "lacks name")]
    [InlineData("""{"inputs":[{"name":1}]}""", "must be a string")]
    [InlineData("""{"inputs":[{"name":"x"}]}""", "input 'x' lacks datatype")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32"}]}""", "input 'x' lacks shape")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,4]}]}""", "input 'x' has no data")]
    [InlineData("""{"inputs":[{"name":"X","datatype":"FP32","shape":[1,4],"data":[1,2,3,4]}]}""", "unexpected inference input 'X' for model 'fake'")]
    [InlineData("""{"inputs":[{"name":"","datatype":"FP32"}]}""", "unexpected inference input ''")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"fp32"}]}""", "datatype")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FLOAT32"}]}""", "datatype")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP\u0033\u0032"}]}""", "datatype")]
    [InlineData("""{"inputs":[{"name":"x","datatype":""}]}""", "datatype")]
    [InlineData("""{"inputs":[{"name":"x","datatype":1}]}""", "datatype")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"INT32","shape":[1,4],"data":[1,2,3,4]}]}""", "expects FP32")]
    [InlineData("""[]""", "must be a JSON object")]
    [InlineData("""1""", "must be a JSON object")]
    [InlineData("""null""", "must be a JSON object")]
    [InlineData("\"inputs\"", "must be a JSON object")]
    public async Task Infer_RequestWithoutWhatItNeeds_Returns400(string json, string because)
    {
        var answer = await Conversation.SendAsync(FakeModel.Echo(), Wire.Utf8(json));

        answer.MustRefuse(400, because);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("4")]
    [InlineData("\"[1,4]\"")]
    [InlineData("{}")]
    [InlineData("[[1,4]]")]
    [InlineData("[1,[4]]")]
    [InlineData("[1,4.5]")]
    [InlineData("[1,\"4\"]")]
    [InlineData("[1,null]")]
    [InlineData("[-1,4]")]
    [InlineData("[1,-4]")]
    [InlineData("[-1,-4]")]
    [InlineData("[1,18446744073709551616]")]
    [InlineData("[9223372036854775807,4]")]
    [InlineData("[16,1152921504606846978]")]
    [InlineData("[4]")]
    [InlineData("[]")]
    [InlineData("[1,4,1]")]
    [InlineData("[0,4]")]
    [InlineData("[33,4]")]
    [InlineData("[1,5]")]
    public async Task Infer_ShapeThatTheModelDoesNotHave_Returns400(string shape)
    {
        var dataLast = await Conversation.SendAsync(FakeModel.Echo(), Wire.Input("FP32", shape, "[1,2,3,4]"));
        var dataFirst = await Conversation.SendAsync(
            FakeModel.Echo(), Wire.Utf8($$"""{"inputs":[{"data":[1,2,3,4],"name":"x","datatype":"FP32","shape":{{shape}}}]}"""));

        dataLast.MustRefuse(400, "input 'x'");
        dataFirst.MustRefuse(400, "input 'x'");
    }

    [Theory]
    [InlineData("[16,1152921504606846978]")]
    [InlineData("[4,1152921504606846978]")]
    [InlineData("[9223372036854775807,9223372036854775807]")]
    [InlineData("[4294967296,4294967296]")]
    public async Task Infer_ShapeWhoseProductOverflows_Returns400BeforeMemoryIsRented(string shape)
    {
        var model = await Models.Sink(TensorDataType.Float32, -1, -1).WithAsync(new ModelOptions { MaxBatchSize = int.MaxValue });
        using var memory = RentedMemory.Watch();

        var answer = await Conversation.SendAsync(model, Wire.Input("FP32", shape, "[1,2,3,4]"));

        answer.MustRefuse(400);
        Assert.Equal(0, memory.Outstanding);
    }

    [Fact]
    public async Task Infer_ShapeOfAThousandDimensions_Returns400()
    {
        var shape = $"[{string.Join(',', Enumerable.Repeat(1, 1000))}]";

        var answer = await Conversation.SendAsync(FakeModel.Echo(), Wire.Input("FP32", shape, "[1]"));

        answer.MustRefuse(400, "dimensions");
    }

    [Fact]
    public async Task Infer_InputTwice_Returns400()
    {
        const string Input = """{"name":"b","datatype":"BYTES","shape":[1],"data":["1"]}""";

        var answer = await Conversation.SendAsync(Models.Three(), Wire.Utf8($$"""{"inputs":[{{Input}},{{Input}}]}"""));

        answer.MustRefuse(400, "input 'b' is given twice");
    }

    [Fact]
    public async Task Infer_InputMissing_Returns400NamingIt()
    {
        var answer = await Conversation.SendAsync(
            Models.Three(),
            Wire.Utf8("""{"inputs":[{"name":"b","datatype":"BYTES","shape":[1],"data":["1"]},{"name":"a","datatype":"FP32","shape":[1,2],"data":[1,2]}]}"""));

        answer.MustRefuse(400, "input 'c' of model 'fake' is missing");
    }

    [Fact]
    public async Task Infer_AMillionInputs_EndsAtTheFirstOneTooMany()
    {
        var model = Models.Sink(TensorDataType.Float32, -1, 100_000);
        var good = """{"shape":[1,100000],"datatype":"FP32","parameters":{"binary_data_size":400000}}""";
        var body = Wire.Utf8($$"""{"inputs":[{"name":"x",{{good[1..]}}{{string.Concat(Enumerable.Repeat("," + good, 100_000))}}]}""");
        var reader = new PacketReader(body, static () => 4096);

        var answer = await Conversation.SendAsync(model, reader);

        answer.MustRefuse(400, "has 1 inputs; the request has more");
        Assert.InRange(reader.Arrived, 1, 8192);
    }

    [Fact]
    public async Task Infer_LongUnknownName_IsQuotedShort()
    {
        // Its 80th and 81st characters are one letter: a cut between them leaves half of it.
        var name = new string('a', 79) + "𝄞" + new string('b', 2000);

        var answer = await Conversation.SendAsync(FakeModel.Echo(), Wire.Utf8($$"""{"inputs":[{"name":"{{name}}"}]}"""));

        answer.MustRefuse(400, "unexpected inference input 'aaaa");
        Assert.InRange(answer.Body.Length, 1, 1000);
    }

    [Fact]
    public async Task Infer_UnknownMembers_AreIgnored()
    {
        var body = Wire.Utf8(
            """
            {"a":{"inputs":[1,{"b":null}]},"inputs":[{"unknown":[[{"name":"z"}]],"name":"x","x":"\u00e4","datatype":"FP32","shape":[1,4],"data":[1,2,3,4]}],
             "b":1e999,"outputs":[{"name":"y","note":[]}],"c":"x","parameters":{"custom":"1","priority":1,"nested":{"timeout":"x"}}}
            """);

        var answer = await Conversation.SendAsync(FakeModel.Echo(), body, packet: 5);

        answer.MustBeFine();
        Assert.Equal("[1,2,3,4]", answer.Data());
    }

    private static IEnumerable<IEnumerable<string>> Permutations(string[] items) => items.Length == 0
        ? [[]]
        : items.SelectMany(item => Permutations([.. items.Except([item])]).Select(rest => rest.Prepend(item)));
}
