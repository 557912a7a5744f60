using SecureInference.TestSupport.Onnx;

namespace SecureInference.IntegrationTests.Samples;

public sealed class EveryTypeTests(ServedModels models) : IClassFixture<ServedModels>
{
    internal static readonly OnnxType[] Types =
    [
        OnnxType.Bool, OnnxType.Int8, OnnxType.Int16, OnnxType.Int32, OnnxType.Int64, OnnxType.UInt8, OnnxType.UInt16, OnnxType.UInt32,
        OnnxType.UInt64, OnnxType.Float16, OnnxType.BFloat16, OnnxType.Float, OnnxType.Double, OnnxType.String,
    ];

    public static TheoryData<OnnxType> TypesWithJson { get; } = [.. Types.Except([OnnxType.Float16, OnnxType.BFloat16])];

    [Theory]
    [MemberData(nameof(TypesWithJson))]
    public async Task Infer_Identity_ReturnsEveryBitInBothForms(OnnxType type)
    {
        var input = Extremes(type);

        var output = Assert.Single(await models.InferBothAsync("identity-" + type, input));

        Assert.Equal(("Y", input.Datatype), (output.Name, output.Datatype));
        Assert.Equal(input.Shape, output.Shape);
        Assert.Equal(input.Data, output.Data);
    }

    [Theory]
    [InlineData(OnnxType.Float16)]
    [InlineData(OnnxType.BFloat16)]
    public async Task Infer_TypeWithoutJson_IsBinaryOnlyAndSaysSo(OnnxType type)
    {
        var input = Extremes(type);
        var head = $$"""{"name":"X","shape":[2,2],"datatype":"{{input.Datatype}}","data":[1,2,3,4]}""";

        var binary = await models.InferAsync("identity-" + type, InferBody.Binary("1", input));
        var jsonIn = await models.RefuseAsync("identity-" + type, InferBody.Text($$"""{"inputs":[{{head}}]}"""));

        Assert.Equal(input.Data, Assert.Single(binary.Outputs).Data);
        Assert.Equal((400, "tensor_invalid"), (jsonIn.Status, jsonIn.Rule));
        Assert.Contains("has no JSON form", jsonIn.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_TextsOfEveryKind_ComeBackUnchanged()
    {
        string[] texts = ["", "\"quoted\\\"", "\u0000\u001f\u007f", "ä€𝄞", "</script>", "\u2028", new string('x', 100_000), "line\r\nline"];
        var input = WireTensor.OfTexts("X", [4, 2], texts);

        var output = Assert.Single(await models.InferBothAsync("identity-String", input));

        Assert.Equal(input.Data, output.Data);
    }

    [Theory]
    [InlineData(OnnxType.Int8, "128")]
    [InlineData(OnnxType.UInt8, "-1")]
    [InlineData(OnnxType.Int32, "2147483648")]
    [InlineData(OnnxType.Int64, "9223372036854775808")]
    [InlineData(OnnxType.UInt64, "18446744073709551616")]
    [InlineData(OnnxType.Int32, "1.5")]
    [InlineData(OnnxType.Int32, "\"1\"")]
    [InlineData(OnnxType.Bool, "1")]
    [InlineData(OnnxType.Float, "true")]
    [InlineData(OnnxType.Float, "1e39")]
    [InlineData(OnnxType.Double, "1e309")]
    [InlineData(OnnxType.Double, "-1e309")]
    [InlineData(OnnxType.String, "1")]
    public async Task Infer_ElementThatItsTypeCannotHold_Is400(OnnxType type, string element)
    {
        var datatype = Extremes(type).Datatype;

        var refusal = await models.RefuseAsync("identity-" + type, InferBody.Text(
            $$"""{"inputs":[{"name":"X","shape":[1,2],"datatype":"{{datatype}}","data":[{{element}},{{element}}]}]}"""));

        Assert.Equal(400, refusal.Status);
        Assert.Contains("'X'", refusal.Detail, StringComparison.Ordinal);
    }

    private static WireTensor Extremes(OnnxType type) => type switch
    {
        OnnxType.Bool => Create<byte>("BOOL", 1, 0, 0, 1),
        OnnxType.Int8 => Create<sbyte>("INT8", sbyte.MinValue, -1, 2, sbyte.MaxValue),
        OnnxType.Int16 => Create<short>("INT16", short.MinValue, -1, 0x0102, short.MaxValue),
        OnnxType.Int32 => Create("INT32", int.MinValue, -1, 0x01020304, int.MaxValue),
        OnnxType.Int64 => Create("INT64", long.MinValue, -1, 0x0102030405060708, long.MaxValue),
        OnnxType.UInt8 => Create<byte>("UINT8", 0, 1, 0x80, byte.MaxValue),
        OnnxType.UInt16 => Create<ushort>("UINT16", 0, 1, 0x8001, ushort.MaxValue),
        OnnxType.UInt32 => Create("UINT32", 0u, 1u, 0x80010203u, uint.MaxValue),
        OnnxType.UInt64 => Create("UINT64", 0ul, 1ul, 0x8001020304050607ul, ulong.MaxValue),
        OnnxType.Float16 => Create("FP16", (Half)1.5f, Half.Epsilon, Half.MinValue, Half.NegativeZero),
        OnnxType.BFloat16 => Create<ushort>("BF16", 0x3FC0, 0x0001, 0xFF7F, 0x8000),
        OnnxType.Float => Create("FP32", 0.1f, float.Epsilon, float.MinValue, -0f),
        OnnxType.Double => Create("FP64", 0.1, double.Epsilon, double.MinValue, -0d),
        OnnxType.String => WireTensor.OfTexts("X", [2, 2], "", "a", "ä€𝄞", "b"),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    private static WireTensor Create<T>(string datatype, params T[] values)
        where T : unmanaged => WireTensor.Of("X", datatype, [2, 2], values);
}
