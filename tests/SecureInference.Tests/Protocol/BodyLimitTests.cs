using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using SecureInference.Protocol;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol;

public class BodyLimitTests
{
    private const int Million = 1_000_000;

    [Fact]
    public async Task Of_Model_FollowsWhatItTakes()
    {
        var small = BodyLimit.Of(FakeModel.Echo().Metadata);
        var oneRow = BodyLimit.Of((await FakeModel.Echo().WithAsync(new ModelOptions { MaxBatchSize = 1 })).Metadata);
        var manyRows = BodyLimit.Of((await FakeModel.Echo().WithAsync(new ModelOptions { MaxBatchSize = 10_000 })).Metadata);
        var wide = BodyLimit.Of(Models.Sink(TensorDataType.Float32, -1, Million).Metadata);

        Assert.InRange(oneRow, 1, small - 1);
        Assert.InRange(small, 32 * 4 * 25, 128 * 1024);
        Assert.InRange(manyRows, 10_000 * 4 * 25, 10_000 * 4 * 64);
        Assert.InRange(wide, 32L * Million * 25, int.MaxValue);
    }

    [Theory]
    [InlineData(new long[] { -1, long.MaxValue })]
    [InlineData(new long[] { long.MaxValue, long.MaxValue })]
    [InlineData(new long[] { 0, long.MaxValue, 5 })]
    [InlineData(new long[] { -1, -1, -1 })]
    public async Task Of_AnyShape_IsPositiveAndBounded(long[] shape)
    {
        var model = await Models.Sink(TensorDataType.Float64, shape).WithAsync(
            new ModelOptions { MaxBatchSize = int.MaxValue, MaxTensorElements = int.MaxValue, MaxBytesLength = int.MaxValue });

        Assert.InRange(BodyLimit.Of(model.Metadata), 64 * 1024, int.MaxValue);
    }

    [Theory]
    [InlineData(TensorDataType.Float64, "-1.7976931348623157E+308")]
    [InlineData(TensorDataType.Int64, "-9223372036854775808")]
    [InlineData(TensorDataType.Bool, "false")]
    public async Task Infer_LargestLegalRequest_IsTakenAlsoWhenIndented(TensorDataType type, string element)
    {
        var model = Models.Sink(type, -1, 1000);
        var data = string.Join(",\n      ", Enumerable.Repeat(element, 32_000));

        var answer = await Conversation.SendAsync(model, Wire.Input(type.ToProtocolName(), "[32,1000]", $"[{data}]"), packet: 4096);

        answer.MustBeFine();
    }

    [Fact]
    public async Task Infer_LargestLegalStrings_AreTakenAlsoWhenEscaped()
    {
        var model = await Models.Sink(TensorDataType.Bytes, -1).WithAsync(new ModelOptions { MaxBytesLength = 300_000 });
        var escaped = string.Concat(Enumerable.Repeat("\\u0001", 299_996));

        var answer = await Conversation.SendAsync(model, Wire.Input("BYTES", "[1]", $"[\"{escaped}\"]"), packet: 4096);

        answer.MustBeFine();
    }

    [Theory]
    [InlineData("100000000000")]
    [InlineData("9223372036854775807")]
    [InlineData("200000")]
    public async Task Infer_ContentLengthTooLarge_Returns413WithoutReading(string length)
    {
        var model = FakeModel.Echo();
        await using var app = await Served.StartAsync(model);

        using var connection = await app.SendHeadAsync($"Content-Length: {length}");
        using var reader = new StreamReader(connection.GetStream(), Encoding.UTF8);
        var status = await reader.ReadLineAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("HTTP/1.1 413", status, StringComparison.Ordinal);
        Assert.Equal(0, model.Runs);
        Assert.Empty(app.Warnings());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("gzip")]
    public async Task Infer_ChunkedBodyTooLarge_Returns413(string? encoding)
    {
        var model = FakeModel.Echo();
        await using var app = await Served.StartAsync(model);
        using var connection = await app.SendHeadAsync("Transfer-Encoding: chunked", encoding is null ? "X: y" : $"Content-Encoding: {encoding}");
        var chunk = Wire.Join(Wire.Utf8("10000\r\n"), encoding is null ? Spaces(65_536) : Incompressible(65_536), Wire.Utf8("\r\n"));

        // The server may close before it has read everything: an answer that nobody waits for yet is lost with the connection.
        using var reader = new StreamReader(connection.GetStream(), Encoding.UTF8);
        var answer = reader.ReadLineAsync(TestContext.Current.CancellationToken);
        try
        {
            for (var index = 0; index < 4; index++)
            {
                await connection.GetStream().WriteAsync(chunk, TestContext.Current.CancellationToken);
            }
        }
        catch (IOException)
        {
        }

        var status = await answer;
        Assert.StartsWith("HTTP/1.1 413", status, StringComparison.Ordinal);
        Assert.Equal(0, model.Runs);
        Assert.Empty(app.Warnings());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Infer_LegalBodyBeyondKestrelsOwnLimit_IsTaken(bool isChunked)
    {
        await using var app = await Served.StartAsync(Models.Sink(TensorDataType.Float32, -1, Million));
        var head = Wire.Utf8(Wire.BinaryHead("FP32", "[9,1000000]", "36000000"));
        using var request = new HttpRequestMessage(HttpMethod.Post, Served.Path) { Content = new ByteArrayContent(Wire.Join(head, new byte[36 * Million])) };
        request.Headers.TransferEncodingChunked = isChunked;
        request.Headers.Add("Inference-Header-Content-Length", head.Length.ToString(CultureInfo.InvariantCulture));

        using var answer = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("[36000000]", (await answer.ReadJsonAsync()).GetProperty("outputs")[0].GetProperty("data").GetRawText());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Infer_CompressedAndChunkedOverASocket_IsTaken(string encoding)
    {
        await using var app = await Served.StartAsync(FakeModel.Echo());
        using var compressed = new MemoryStream();
        await using (Stream compressor = encoding == "gzip"
            ? new System.IO.Compression.GZipStream(compressed, System.IO.Compression.CompressionMode.Compress, leaveOpen: true)
            : new System.IO.Compression.ZLibStream(compressed, System.IO.Compression.CompressionMode.Compress, leaveOpen: true))
        {
            compressor.Write(Wire.Good());
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, Served.Path) { Content = new ByteArrayContent(compressed.ToArray()) };
        request.Content.Headers.ContentEncoding.Add(encoding);
        request.Headers.TransferEncodingChunked = true;
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding));

        using var answer = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("[1,2,3,4]", (await answer.ReadJsonAsync()).GetProperty("outputs")[0].GetProperty("data").GetRawText());
    }

    private static byte[] Spaces(int count) => [.. Enumerable.Repeat((byte)' ', count)];

    // A stored block of gzip is as long as what it holds.
    private static byte[] Incompressible(int count)
    {
        using var compressed = new MemoryStream();
        using (var compressor = new System.IO.Compression.GZipStream(compressed, System.IO.Compression.CompressionLevel.NoCompression))
        {
            compressor.Write(Spaces(count));
        }

        return compressed.ToArray()[..count];
    }
}
