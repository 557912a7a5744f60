using System.Diagnostics;
using System.Text;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol.Json;

public class JsonFeedTests
{
    private const int Megabyte = 1 << 20;

    [Fact]
    public async Task Infer_BodyCutAtAnyByte_Returns400()
    {
        var body = Wire.Utf8(
            """{"id":"ä7","parameters":{"timeout":5},"inputs":[{"data":[[1.5,-2e1],[3,4]],"name":"\u0078","datatype":"FP32","shape":[1,4]}],"outputs":[{"name":"y"}]}""");
        (await Conversation.SendAsync(FakeModel.Echo(), body)).MustBeFine();

        for (var length = 0; length < body.Length; length++)
        {
            var answer = await Conversation.SendAsync(FakeModel.Echo(), body[..length], packet: 7);

            answer.MustRefuse(400);
        }
    }

    [Theory]
    [InlineData("}")]
    [InlineData("{}")]
    [InlineData(",")]
    [InlineData("\0")]
    [InlineData("x")]
    [InlineData("//")]
    [InlineData("\uFEFF")]
    public async Task Infer_AnythingAfterTheObject_Returns400(string garbage)
    {
        var answer = await Conversation.SendAsync(FakeModel.Echo(), Wire.Join(Wire.Good(), Wire.Utf8(garbage)), packet: 64);

        answer.MustRefuse(400, "not valid JSON");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(" \r\n\t")]
    [InlineData("\uFEFF{\"inputs\":[]}")]
    [InlineData("{\"inputs\":[],}")]
    [InlineData("{\"inputs\":[1,]}")]
    [InlineData("{/* */\"inputs\":[]}")]
    [InlineData("{\"inputs\":[]//\n}")]
    [InlineData("{'inputs':[]}")]
    [InlineData("{inputs:[]}")]
    [InlineData("{\"inputs\"[]}")]
    [InlineData("{\"inputs\":[}")]
    [InlineData("{\"in\nputs\":[]}")]
    [InlineData("{\"a\":\"\\x\"}")]
    [InlineData("{\"a\":tru}")]
    [InlineData("\0\0\0\0")]
    [InlineData("inputs=1&outputs=2")]
    public async Task Infer_WhatIsNoJson_Returns400(string text)
    {
        (await Conversation.SendAsync(FakeModel.Echo(), Wire.Utf8(text))).MustRefuse(400, "JSON");
        (await Conversation.SendAsync(FakeModel.Echo(), Wire.Utf8(text), packet: 1)).MustRefuse(400, "JSON");
        (await Conversation.SendAsync(FakeModel.Echo(), new PacketReader(Wire.Utf8(text), static () => 1, endsLate: true))).MustRefuse(400, "JSON");
    }

    [Fact]
    public async Task Infer_Utf16_Returns400()
    {
        var answer = await Conversation.SendAsync(FakeModel.Echo(), Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(Wire.Good())));

        answer.MustRefuse(400, "not valid JSON");
    }

    [Theory]
    [InlineData("{\"inputs\":[{\"name\":\"@\"}]}")]
    [InlineData("{\"inputs\":[{\"datatype\":\"@\"}]}")]
    [InlineData("{\"id\":\"@\"}")]
    [InlineData("{\"outputs\":[{\"name\":\"@\"}]}")]
    [InlineData("{\"parameters\":{\"@\":1},\"inputs\":[]}")]
    [InlineData("{\"@\":1,\"inputs\":[]}")]
    [InlineData("{\"x\":\"@\",\"inputs\":[]}")]
    [InlineData("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"@\"]}]}")]
    [InlineData("{\"inputs\":[{\"data\":[\"@\"],\"name\":\"x\",\"datatype\":\"BYTES\",\"shape\":[1]}]}")]
    [InlineData("{\"inputs\":[{\"data\":[\"aaaaaaaaaaaaaaaaaaaaaaaa@\"],\"name\":\"x\",\"datatype\":\"BYTES\",\"shape\":[1]}]}")]
    public async Task Infer_TextThatIsNotUnicode_Returns400(string template)
    {
        byte[][] broken =
        [
            [0xFF], [0xC3], [0x80], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
            Wire.Utf8("\\ud800"), Wire.Utf8("\\udc00"), Wire.Utf8("\\ud800x"), Wire.Utf8("\\ud800\\ud800"), Wire.Utf8("\\udc00\\ud800"),
        ];
        var parts = template.Split('@');

        foreach (var bytes in broken)
        {
            foreach (var packet in new[] { 1, 5, int.MaxValue })
            {
                var answer = await Conversation.SendAsync(
                    Models.Sink(TensorDataType.Bytes, -1), Wire.Join(Wire.Utf8(parts[0]), bytes, Wire.Utf8(parts[1])), packet);

                answer.MustRefuse(400);
            }
        }
    }

    [Theory]
    [InlineData("{\"x\":", "[")]
    [InlineData("{\"x\":", "{\"x\":")]
    [InlineData("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,100000],\"data\":", "[")]
    [InlineData("{\"inputs\":[{\"data\":", "[")]
    [InlineData("{\"inputs\":", "[")]
    [InlineData("{\"parameters\":", "{\"parameters\":")]
    [InlineData("", "[")]
    public async Task Infer_JsonAHundredThousandLevelsDeep_Returns400(string start, string level)
    {
        var body = Wire.Utf8(start + string.Concat(Enumerable.Repeat(level, 100_000)));

        (await Conversation.SendAsync(Models.Sink(TensorDataType.Float32, -1, 100_000), body)).MustRefuse(400);
        (await Conversation.SendAsync(Models.Sink(TensorDataType.Float32, -1, 100_000), body, packet: 4096)).MustRefuse(400);
    }

    [Theory]
    [InlineData(TensorDataType.Float32, false)]
    [InlineData(TensorDataType.Float64, false)]
    [InlineData(TensorDataType.Int64, false)]
    [InlineData(TensorDataType.Float32, true)]
    [InlineData(TensorDataType.Int64, true)]
    public async Task Infer_NumberOfAMillionDigits_Returns400(TensorDataType type, bool isFirst)
    {
        var data = $"[{new string('9', Megabyte)}]";
        var body = isFirst
            ? Wire.Utf8($$"""{"inputs":[{"data":{{data}},"name":"x","datatype":"{{type.ToProtocolName()}}","shape":[1,1]}]}""")
            : Wire.Input(type.ToProtocolName(), "[1,1]", data);

        var answer = await Conversation.SendAsync(Models.Sink(type, -1, -1), body, packet: 4096);

        answer.MustRefuse(400, "element 0 of input 'x'");
    }

    [Fact]
    public async Task Infer_StringLongerThanTheModelTakes_Returns400()
    {
        var model = await Models.Sink(TensorDataType.Bytes, -1).WithAsync(new ModelOptions { MaxBytesLength = 104 });

        var fits = await Conversation.SendAsync(model, Wire.Input("BYTES", "[1]", $"[\"{new string('a', 100)}\"]"));
        var tooLong = await Conversation.SendAsync(model, Wire.Input("BYTES", "[1]", $"[\"{new string('a', 101)}\"]"));
        var together = await Conversation.SendAsync(model, Wire.Input("BYTES", "[3]", $"[\"{new string('a', 49)}\",\"{new string('a', 48)}\",\"\"]"));

        fits.MustBeFine();
        tooLong.MustRefuse(400, "104 bytes");
        together.MustRefuse(400, "104 bytes");
    }

    [Theory]
    [InlineData("\"", "a")]
    [InlineData("", "9")]
    public async Task Infer_TokenOfTenMegabytes_IsNotKeptToItsEnd(string quote, string letter)
    {
        var model = await Models.Sink(TensorDataType.Bytes, -1).WithAsync(new ModelOptions { MaxBytesLength = 64 * Megabyte });
        var body = Wire.Utf8("{\"unknown\":" + quote + string.Concat(Enumerable.Repeat(letter, 10 * Megabyte)) + quote + "}");
        var reader = new PacketReader(body, static () => 256 * 1024);

        var answer = await Conversation.SendAsync(model, reader);

        answer.MustRefuse(400, "is longer than");
        Assert.InRange(reader.Arrived, 8 * Megabyte, 9 * Megabyte);
    }

    [Fact]
    public async Task Infer_LongTokenInTinyPackets_IsNotReadAgainWithEachOfThem()
    {
        // Read again with each packet, this would be a terabyte.
        var model = await Models.Sink(TensorDataType.Bytes, -1).WithAsync(new ModelOptions { MaxBytesLength = 8 * Megabyte });
        var body = Wire.Input("BYTES", "[1]", $"[\"{new string('a', 4 * Megabyte)}\"]");
        var pipe = new TricklingPipe(body, packet: 8);
        var start = Stopwatch.GetTimestamp();

        var answer = await Conversation.SendAsync(model, pipe);

        answer.MustBeFine();
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }
}
