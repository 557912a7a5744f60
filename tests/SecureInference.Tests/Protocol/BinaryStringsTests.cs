namespace SecureInference.Tests.Protocol;

public class BinaryStringsTests
{
    public static TheoryData<string, byte[]> Broken => new()
    {
        { "length beyond the part", [.. Wire.Length(3), 1, 2] },
        { "length of 2^31", [0, 0, 0, 0x80, 1] },
        { "length of 2^32 - 1", [0xFF, 0xFF, 0xFF, 0xFF, 1] },
        { "length that is no length", [1, 0, 0] },
        { "one element too few", [] },
        { "one element too many", [.. Wire.Length(0), .. Wire.Length(0)] },
        { "a byte too many", [.. Wire.Length(1), 1, 2] },
        { "big-endian length", [0, 0, 0, 1, 1] },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Infer_BrokenLengths_Return400(string what, byte[] part)
    {
        var answer = await Conversation.SendBinaryAsync(Models.Sink(TensorDataType.Bytes, -1), Wire.BinaryHead("BYTES", "[1]", $"{part.Length}"), part, packet: 2);

        Assert.True(answer.Status == 400, what);
        answer.MustRefuse(400, "does not hold the 1 length-prefixed elements");
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("105")]
    [InlineData("2147483648")]
    [InlineData("4294967400")]
    [InlineData("9223372036854775807")]
    public async Task Infer_SizeBeyondTheModelsLimit_Returns400BeforeMemoryIsRented(string size)
    {
        var model = await Models.Sink(TensorDataType.Bytes, -1).WithAsync(new ModelOptions { MaxBytesLength = 104 });

        var answer = await Conversation.SendBinaryAsync(model, Wire.BinaryHead("BYTES", "[1]", size), new byte[105]);

        answer.MustRefuse(400, "binary_data_size");
    }

    [Fact]
    public async Task Infer_SizeSmallerThanTheStrings_Returns400()
    {
        var part = Wire.Strings(Wire.Utf8("ab"), Wire.Utf8("cd"));

        var answer = await Conversation.SendBinaryAsync(Models.Sink(TensorDataType.Bytes, -1), Wire.BinaryHead("BYTES", "[2]", $"{part.Length - 1}"), part);

        answer.MustRefuse(400);
    }

    [Fact]
    public async Task Infer_ShapeOfMoreElementsThanTheLimitHasBytesFor_Returns400()
    {
        var model = await Models.Sink(TensorDataType.Bytes, -1, -1).WithAsync(new ModelOptions { MaxBytesLength = 104 });

        var answer = await Conversation.SendBinaryAsync(model, Wire.BinaryHead("BYTES", "[1,1000000]", "104"), new byte[104]);

        answer.MustRefuse(400);
    }
}
