using SecureInference.Protocol;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol;

public class ResponseEncodingTests
{
    private static readonly Tensor Output = Tensor.Create<float>("y", [1000], [.. Enumerable.Range(0, 1000).Select(static index => index / 8f)]);

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("deflate", "deflate")]
    [InlineData("GZIP", "gzip")]
    [InlineData("br, deflate;q=0.5, gzip;q=0.1", "gzip")]
    [InlineData("gzip;q=0, deflate", "deflate")]
    [InlineData("gzip;q=0.001", "gzip")]
    [InlineData("gzip;q=0", null)]
    [InlineData("gzip;q=0.0, deflate;q=0", null)]
    [InlineData("identity", null)]
    [InlineData("br", null)]
    [InlineData("*;q=0", null)]
    [InlineData("", null)]
    [InlineData("gzip;q=x;;", null)]
    [InlineData(null, null)]
    public async Task Infer_AcceptEncoding_IsAnsweredAsAsked(string? accepted, string? encoding)
    {
        var model = Models.Constant(Output);
        var plain = await Conversation.SendAsync(model, Wire.Good());

        var answer = await Conversation.SendAsync(model, Wire.Good(), headers: headers => headers.AcceptEncoding = accepted);

        answer.MustBeFine();
        Assert.Equal(encoding, answer.Headers.ContentEncoding.FirstOrDefault());
        Assert.Equal(plain.Body, answer.Plain);
        Assert.Equal(encoding is null, answer.Body.Length == plain.Body.Length);
        Assert.Equal(encoding is null, answer.Headers.ContentLength is not null);
        Assert.Equal(encoding is null ? null : "Accept-Encoding", answer.Headers.Vary.FirstOrDefault());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Infer_CompressedBinaryAnswer_CountsUncompressedBytesInItsHeader(string encoding)
    {
        var answer = await Conversation.SendAsync(
            Models.Constant(Output), Wire.Good(",\"parameters\":{\"binary_data_output\":true}"), headers: headers => headers.AcceptEncoding = encoding);

        answer.MustBeFine();
        Assert.Equal(encoding, answer.Headers.ContentEncoding);
        Assert.Equal(Output.Data.ToArray(), answer.Binary);
        Assert.Equal(4000, answer.Json.GetProperty("outputs")[0].GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
    }

    [Theory]
    [InlineData(4000, true)]
    [InlineData(4001, false)]
    [InlineData(0, true)]
    public async Task Infer_Threshold_IsTheSizeFromWhichAnswersAreCompressed(int threshold, bool isCompressed)
    {
        var answer = await Conversation.SendAsync(
            Models.Constant(Output),
            new PacketReader(Wire.Good(), static () => int.MaxValue),
            static headers => headers.AcceptEncoding = "gzip",
            new ProtocolOptions { CompressionThreshold = threshold });

        Assert.Equal(isCompressed, answer.MustBeFine().Headers.ContentEncoding.Count == 1);
    }

    [Fact]
    public async Task Infer_Refused_IsNotCompressed()
    {
        var answer = await Conversation.SendAsync(FakeModel.Echo(), Wire.Utf8("{}"), headers: static headers => headers.AcceptEncoding = "gzip");

        answer.MustRefuse(400);
        Assert.Equal(0, answer.Headers.ContentEncoding.Count);
    }

    [Fact]
    public async Task Infer_CompressedAnswer_GivesItsMemoryBack()
    {
        using var memory = RentedMemory.Watch();

        var answer = await Conversation.SendAsync(Models.Constant(Output), Wire.Good(), headers: static headers => headers.AcceptEncoding = "gzip");

        answer.MustBeFine();
        Assert.Equal(0, memory.Outstanding);
    }
}
