namespace SecureInference.Tests.Protocol.Json;

public class JsonElementsTests
{
    [Theory]
    [InlineData(TensorDataType.Bool, "[true,false,false,true]")]
    [InlineData(TensorDataType.Int8, "[-128,-1,2,127]")]
    [InlineData(TensorDataType.Int16, "[-32768,-1,258,32767]")]
    [InlineData(TensorDataType.Int32, "[-2147483648,-1,0,2147483647]")]
    [InlineData(TensorDataType.Int64, "[-9223372036854775808,-9007199254740993,9007199254740993,9223372036854775807]")]
    [InlineData(TensorDataType.UInt8, "[0,1,128,255]")]
    [InlineData(TensorDataType.UInt16, "[0,1,32769,65535]")]
    [InlineData(TensorDataType.UInt32, "[0,1,2147483649,4294967295]")]
    [InlineData(TensorDataType.UInt64, "[0,1,9007199254740993,18446744073709551615]")]
    [InlineData(TensorDataType.Float32, "[1.5,1E-45,-3.4028235E+38,-0]")]
    [InlineData(TensorDataType.Float64, "[0.1,5E-324,-1.7976931348623157E+308,-0]")]
    [InlineData(TensorDataType.Bytes, """["","a","ä€","with space"]""")]
    public async Task Infer_EachDatatype_TravelsInAndOutExactly(TensorDataType type, string data)
    {
        var model = Models.Echo(type, 2, 2);

        var answer = await Conversation.SendAsync(model, Wire.Input(type.ToProtocolName(), "[2,2]", data));

        answer.MustBeFine();
        Assert.Equal(data, answer.Data());
        Assert.Equal(type.ToProtocolName(), answer.Json.GetProperty("outputs")[0].GetProperty("datatype").GetString());
        Assert.Equal("[2,2]", answer.Json.GetProperty("outputs")[0].GetProperty("shape").GetRawText());
    }

    [Theory]
    [InlineData("[[1,2],[3,4]]")]
    [InlineData("[1,2,3,4]")]
    [InlineData("[[[[1]],2],[],[[3,[4]]]]")]
    [InlineData("[[1,2,3],[4]]")]
    [InlineData(" [ 1 ,\r\n\t2 , [ 3 ] , 4 ] ")]
    public async Task Infer_AnyNesting_IsFlattened(string data)
    {
        var answer = await Conversation.SendAsync(Models.Echo(TensorDataType.Int32, 2, 2), Wire.Input("INT32", "[2,2]", data), packet: 1);

        answer.MustBeFine();
        Assert.Equal("[1,2,3,4]", answer.Data());
    }

    [Theory]
    [InlineData("[1,2,3]", "has 3 elements of data; its shape needs 4")]
    [InlineData("[]", "has 0 elements")]
    [InlineData("[[],[[]]]", "has 0 elements")]
    [InlineData("[1,2,3,4,5]", "has more data than the 4 elements")]
    [InlineData("[1,2,3,null]", "")]
    [InlineData("[1,2,3,{}]", "")]
    [InlineData("[1,2,3,{\"a\":4}]", "")]
    [InlineData("[1,2,3,\"4\"]", "element 3 of input 'x'")]
    [InlineData("[1,2,3,true]", "element 3 of input 'x'")]
    [InlineData("1", "")]
    [InlineData("\"1234\"", "")]
    [InlineData("{}", "")]
    [InlineData("null", "has no data")]
    public async Task Infer_DataThatAreNotTheElements_Returns400(string data, string because)
    {
        var answer = await Conversation.SendAsync(Models.Echo(TensorDataType.Int32, 2, 2), Wire.Input("INT32", "[2,2]", data));

        answer.MustRefuse(400, because);
    }

    [Theory]
    [InlineData(TensorDataType.Bool, "1")]
    [InlineData(TensorDataType.Bool, "\"true\"")]
    [InlineData(TensorDataType.Float32, "\"1.5\"")]
    [InlineData(TensorDataType.Float32, "\"NaN\"")]
    [InlineData(TensorDataType.Float32, "\"Infinity\"")]
    [InlineData(TensorDataType.Float32, "1e39")]
    [InlineData(TensorDataType.Float32, "-1e39")]
    [InlineData(TensorDataType.Float32, "3.4028236e38")]
    [InlineData(TensorDataType.Float64, "1e309")]
    [InlineData(TensorDataType.Float64, "\"-Infinity\"")]
    [InlineData(TensorDataType.Float64, "true")]
    [InlineData(TensorDataType.Bytes, "1")]
    [InlineData(TensorDataType.Bytes, "true")]
    [InlineData(TensorDataType.Bytes, "null")]
    [InlineData(TensorDataType.Float16, "1.5")]
    [InlineData(TensorDataType.BFloat16, "1.5")]
    public async Task Infer_ValueOfAnotherKind_Returns400(TensorDataType type, string value)
    {
        var answer = await Conversation.SendAsync(Models.Sink(type, 1), Wire.Input(type.ToProtocolName(), "[1]", $"[{value}]"));

        answer.MustRefuse(400);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("nan")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("0x10")]
    [InlineData("1e")]
    [InlineData("-")]
    public async Task Infer_TokenThatIsNoJson_Returns400(string token)
    {
        var model = await Models.Echo(TensorDataType.Float32, 1).WithAsync(new ModelOptions { AllowNonFinite = true });

        var answer = await Conversation.SendAsync(model, Wire.Input("FP32", "[1]", $"[{token}]"));

        answer.MustRefuse(400, "not valid JSON");
    }

    [Theory]
    [InlineData(TensorDataType.Float32)]
    [InlineData(TensorDataType.Float64)]
    public async Task Infer_NonFiniteAllowed_TravelsAsStrings(TensorDataType type)
    {
        const string Data = """["NaN","Infinity","-Infinity",0]""";
        var model = await Models.Echo(type, 4).WithAsync(new ModelOptions { AllowNonFinite = true });

        var answer = await Conversation.SendAsync(model, Wire.Input(type.ToProtocolName(), "[4]", Data), packet: 1);

        answer.MustBeFine();
        Assert.Equal(Data, answer.Data());
    }

    [Theory]
    [InlineData("\"nan\"")]
    [InlineData("\"inf\"")]
    [InlineData("\"1.5\"")]
    [InlineData("\"\"")]
    [InlineData("\"Infinity \"")]
    public async Task Infer_NonFiniteAllowed_OtherStringsReturn400(string value)
    {
        var model = await Models.Echo(TensorDataType.Float32, 1).WithAsync(new ModelOptions { AllowNonFinite = true });

        var answer = await Conversation.SendAsync(model, Wire.Input("FP32", "[1]", $"[{value}]"));

        answer.MustRefuse(400, "element 0 of input 'x'");
    }

    [Theory]
    [InlineData("\"\\u0000\\n\\\"\\\\\\u00e4\\ud834\\udd1e\"", "\0\n\"\\ä𝄞")]
    [InlineData("\"\\u006a\\/\"", "j/")]
    public async Task Infer_EscapedString_ArrivesUnescaped(string json, string expected)
    {
        string[]? received = null;
        var model = TestSupport.FakeModel.Create(
            [new TensorSpec("x", TensorDataType.Bytes, [1])],
            [new TensorSpec("y", TensorDataType.Int32, [1])],
            (request, _) =>
            {
                received = request.Inputs[0].GetStrings();
                return ValueTask.FromResult(new InferenceResponse(Tensor.Create("y", [1], [1])));
            });

        var answer = await Conversation.SendAsync(model, Wire.Input("BYTES", "[1]", $"[{json}]"), packet: 1);

        answer.MustBeFine();
        Assert.Equal(expected, Assert.Single(received ?? []));
    }

    [Fact]
    public async Task Infer_ScalarAndEmptyTensors_AreTaken()
    {
        var scalar = await Conversation.SendAsync(Models.Echo(TensorDataType.Int32), Wire.Input("INT32", "[]", "[7]"));
        var empty = await Conversation.SendAsync(Models.Echo(TensorDataType.Int32, 2, -1), Wire.Input("INT32", "[2,0]", "[[],[]]"));

        Assert.Equal("[7]", scalar.MustBeFine().Data());
        Assert.Equal("[]", empty.MustBeFine().Data());
    }
}
