using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol;

public class BinaryRequestTests
{
    private const string BinaryOutput = ",\"parameters\":{\"binary_data_output\":true}";
    private static readonly byte[] Floats = Wire.Numbers(1.5f, -2f, 3f, 4f);

    [Theory]
    [InlineData(TensorDataType.Bool, 1)]
    [InlineData(TensorDataType.Int8, 1)]
    [InlineData(TensorDataType.Int16, 2)]
    [InlineData(TensorDataType.Int32, 4)]
    [InlineData(TensorDataType.Int64, 8)]
    [InlineData(TensorDataType.UInt8, 1)]
    [InlineData(TensorDataType.UInt16, 2)]
    [InlineData(TensorDataType.UInt32, 4)]
    [InlineData(TensorDataType.UInt64, 8)]
    [InlineData(TensorDataType.Float16, 2)]
    [InlineData(TensorDataType.BFloat16, 2)]
    [InlineData(TensorDataType.Float32, 4)]
    [InlineData(TensorDataType.Float64, 8)]
    public async Task Infer_EachDatatypeInBinary_TravelsInAndOutExactly(TensorDataType type, int size)
    {
        // Each byte below 2, so that it is fine as a boolean and as a part of any finite number.
        byte[] data = [.. Enumerable.Range(0, 6 * size).Select(static index => (byte)(index % 3 == 0 ? 1 : 0))];

        var answer = await Conversation.SendBinaryAsync(
            Models.Echo(type, 2, 3), Wire.BinaryHead(type.ToProtocolName(), "[2,3]", $"{data.Length}", BinaryOutput), data, packet: 5);

        answer.MustBeFine();
        Assert.Equal(data, answer.Binary);
        Assert.Equal("application/octet-stream", answer.Headers.ContentType);
        Assert.Equal(data.Length, answer.Json.GetProperty("outputs")[0].GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
    }

    [Fact]
    public async Task Infer_BytesInBinary_TravelInAndOutExactly()
    {
        var data = Wire.Strings([0xFF, 0x00, 0x22], [], Wire.Utf8("ä"));

        var answer = await Conversation.SendBinaryAsync(
            Models.Echo(TensorDataType.Bytes, -1), Wire.BinaryHead("BYTES", "[3]", $"{data.Length}", BinaryOutput), data, packet: 1);

        Assert.Equal(data, answer.MustBeFine().Binary);
    }

    [Fact]
    public async Task Infer_JsonAndBinaryInputsMixed_FillsThePartsInTheOrderOfTheirInputs()
    {
        const string Head =
            """
            {"inputs":[{"name":"c","datatype":"INT64","shape":[2],"parameters":{"binary_data_size":16}},
                       {"name":"b","datatype":"BYTES","shape":[1],"data":["text"]},
                       {"parameters":{"binary_data_size":8},"name":"a","datatype":"FP32","shape":[1,2]}]}
            """;

        var answer = await Conversation.SendBinaryAsync(Models.Three(), Head, Wire.Join(Wire.Numbers(7L, -8L), Wire.Numbers(1.5f, 2f)), packet: 3);

        answer.MustBeFine();
        Assert.Equal("[1.5,2]", answer.Data(0));
        Assert.Equal("""["text"]""", answer.Data(1));
        Assert.Equal("[7,-8]", answer.Data(2));
    }

    [Fact]
    public async Task Infer_HeaderLengthWithoutBinaryInputs_IsTaken()
    {
        var answer = await Conversation.SendBinaryAsync(FakeModel.Echo(), System.Text.Encoding.UTF8.GetString(Wire.Good()), []);

        Assert.Equal("[1,2,3,4]", answer.MustBeFine().Data());
    }

    [Theory]
    [InlineData("15")]
    [InlineData("17")]
    [InlineData("0")]
    [InlineData("-16")]
    [InlineData("-1")]
    [InlineData("16.0")]
    [InlineData("\"16\"")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("2147483647")]
    [InlineData("4294967312")]
    [InlineData("9223372036854775807")]
    [InlineData("18446744073709551632")]
    public async Task Infer_BinarySizeThatLies_Returns400(string size)
    {
        var answer = await Conversation.SendBinaryAsync(FakeModel.Echo(), Wire.BinaryHead("FP32", "[1,4]", size), Floats);

        answer.MustRefuse(400, "binary_data_size");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.0")]
    [InlineData("0x10")]
    [InlineData("1e2")]
    [InlineData("99999999999999999999")]
    [InlineData("100 ")]
    [InlineData("1,1")]
    public async Task Infer_HeaderLengthThatIsNoNumber_Returns400(string headerLength)
    {
        var answer = await Conversation.SendBinaryAsync(FakeModel.Echo(), Wire.BinaryHead("FP32", "[1,4]", "16"), Floats, headerLength);

        answer.MustRefuse(400, "is not a number of bytes");
    }

    [Fact]
    public async Task Infer_HeaderLengthTwice_Returns400()
    {
        var body = Wire.Good();

        var answer = await Conversation.SendAsync(
            FakeModel.Echo(), body, headers: headers => headers["Inference-Header-Content-Length"] = new([$"{body.Length}", $"{body.Length}"]));

        answer.MustRefuse(400, "is not a number of bytes");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(long.MaxValue)]
    public async Task Infer_HeaderLengthLargerThanTheBody_Returns400(long beyond)
    {
        var head = Wire.BinaryHead("FP32", "[1,4]", "16");
        var length = beyond == long.MaxValue ? beyond : head.Length + Floats.Length + beyond;

        foreach (var packet in new[] { 1, 50, int.MaxValue })
        {
            var answer = await Conversation.SendBinaryAsync(FakeModel.Echo(), head, Floats, $"{length}", packet);

            answer.MustRefuse(400);
        }
    }

    [Fact]
    public async Task Infer_HeaderLengthOtherThanTheJson_Returns400()
    {
        var head = Wire.BinaryHead("FP32", "[1,4]", "16");

        for (var length = 1; length <= head.Length + Floats.Length; length++)
        {
            if (length != head.Length)
            {
                var answer = await Conversation.SendBinaryAsync(FakeModel.Echo(), head, Floats, $"{length}", packet: 60);

                answer.MustRefuse(400);
            }
        }
    }

    [Fact]
    public async Task Infer_BodyCutAtAnyByteOfTheBinaryPart_Returns400()
    {
        for (var length = 0; length < Floats.Length; length++)
        {
            var answer = await Conversation.SendBinaryAsync(FakeModel.Echo(), Wire.BinaryHead("FP32", "[1,4]", "16"), Floats[..length], packet: 7);

            answer.MustRefuse(400, "The body ends before the binary data of input 'x' does.");
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, int.MaxValue)]
    [InlineData(16, 4)]
    public async Task Infer_BytesAfterTheLastPart_Returns400(int surplus, int packet)
    {
        var answer = await Conversation.SendBinaryAsync(
            FakeModel.Echo(), Wire.BinaryHead("FP32", "[1,4]", "16"), Wire.Join(Floats, new byte[surplus]), packet: packet);

        answer.MustRefuse(400, "goes on after the last binary part");
    }

    [Fact]
    public async Task Infer_BinarySizeWithoutHeaderLength_Returns400()
    {
        var answer = await Conversation.SendAsync(FakeModel.Echo(), Wire.Utf8(Wire.BinaryHead("FP32", "[1,4]", "16")));

        answer.MustRefuse(400, "needs the header Inference-Header-Content-Length");
    }

    [Theory]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,4],"data":[1,2,3,4],"parameters":{"binary_data_size":16}}]}""")]
    [InlineData("""{"inputs":[{"parameters":{"binary_data_size":16},"data":[1,2,3,4],"name":"x","datatype":"FP32","shape":[1,4]}]}""")]
    [InlineData("""{"inputs":[{"parameters":{"binary_data_size":0},"data":[],"name":"x","datatype":"FP32","shape":[1,4]}]}""")]
    public async Task Infer_BothDataAndBinarySize_Returns400(string head)
    {
        var answer = await Conversation.SendBinaryAsync(FakeModel.Echo(), head, Floats);

        answer.MustRefuse(400, "both data and binary_data_size");
    }

    [Theory]
    [InlineData(0x7FC00000u)]
    [InlineData(0xFFC00001u)]
    [InlineData(0x7F800000u)]
    [InlineData(0xFF800000u)]
    [InlineData(0x7F800001u)]
    public async Task Infer_NonFiniteInBinary_Returns400UnlessAllowed(uint bits)
    {
        var data = Wire.Numbers(0u, 1u, 2u, bits);
        var allowing = await Models.Echo(TensorDataType.Float32, -1, 4).WithAsync(new ModelOptions { AllowNonFinite = true });

        var refused = await Conversation.SendBinaryAsync(FakeModel.Echo(), Wire.BinaryHead("FP32", "[1,4]", "16"), data);
        var taken = await Conversation.SendBinaryAsync(allowing, Wire.BinaryHead("FP32", "[1,4]", "16", BinaryOutput), data);

        refused.MustRefuse(400, "not finite");
        Assert.Equal(data, taken.MustBeFine().Binary);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0x80)]
    [InlineData(0xFF)]
    public async Task Infer_BooleanOtherThan0And1_Returns400(byte value)
    {
        var answer = await Conversation.SendBinaryAsync(Models.Sink(TensorDataType.Bool, 4), Wire.BinaryHead("BOOL", "[4]", "4"), [0, 1, 1, value]);

        answer.MustRefuse(400, "BOOL");
    }
}
