using System.IO.Compression;
using System.IO.Pipelines;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol;

public class RequestBodyTests
{
    private const int Megabyte = 1 << 20;

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZip")]
    [InlineData("deflate")]
    [InlineData("DEFLATE")]
    public async Task Infer_CompressedBody_IsInflated(string encoding)
    {
        foreach (var packet in new[] { 1, 10, int.MaxValue })
        {
            var answer = await SendAsync(FakeModel.Echo(), Compress(encoding, Wire.Good()), encoding, packet);

            Assert.Equal("[1,2,3,4]", answer.MustBeFine().Data());
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Infer_CompressedBinaryBody_CountsUncompressedBytesInTheHeader(string encoding)
    {
        var head = Wire.Utf8(Wire.BinaryHead("FP32", "[1,4]", "16"));
        var body = Compress(encoding, Wire.Join(head, Wire.Numbers(1f, 2f, 3f, 4f)));

        var answer = await Conversation.SendAsync(FakeModel.Echo(), body, packet: 7, headers =>
        {
            headers.ContentEncoding = encoding;
            headers["Inference-Header-Content-Length"] = $"{head.Length}";
        });

        Assert.Equal("[1,2,3,4]", answer.MustBeFine().Data());
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("Identity")]
    public async Task Infer_IdentityEncoding_IsTaken(string encoding) => (await SendAsync(FakeModel.Echo(), Wire.Good(), encoding)).MustBeFine();

    [Theory]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("compress")]
    [InlineData("gzip, gzip")]
    [InlineData("gzip,deflate")]
    [InlineData("gzip, identity")]
    [InlineData("gzip;q=1")]
    [InlineData("aws-chunked")]
    [InlineData("*")]
    [InlineData("")]
    public async Task Infer_EncodingThatIsNotServed_Returns415SayingWhichAre(string encoding)
    {
        var answer = await SendAsync(FakeModel.Echo(), Wire.Good(), encoding);

        answer.MustRefuse(415, "gzip");
        Assert.Equal("gzip, deflate", answer.Headers.AcceptEncoding);
    }

    [Fact]
    public async Task Infer_TwoEncodingHeaders_Return415()
    {
        var answer = await Conversation.SendAsync(FakeModel.Echo(), Wire.Good(), headers: static headers => headers.ContentEncoding = new(["gzip", "gzip"]));

        answer.MustRefuse(415);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Infer_BodyThatIsNotCompressedAsItSays_Returns400(string encoding)
    {
        var good = Compress(encoding, Wire.Good());
        var other = Compress(encoding == "gzip" ? "deflate" : "gzip", Wire.Good());

        foreach (var body in new[] { Wire.Good(), other, [], [0], new byte[100], good[..10], good[..(good.Length / 2)] })
        {
            var answer = await SendAsync(FakeModel.Echo(), body, encoding);

            answer.MustRefuse(400);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Infer_CompressedBodyCutAtAnyByte_IsRefusedUnlessOnlyItsChecksumIsCut(string encoding)
    {
        // The end of the last deflate block, gzip's checksum and length, or zlib's checksum.
        var trailer = encoding == "gzip" ? 9 : 5;
        var good = Compress(encoding, Wire.Good());

        for (var length = 0; length < good.Length; length++)
        {
            var answer = await SendAsync(FakeModel.Echo(), good[..length], encoding, packet: 11);

            Assert.True(answer.Status == 400 || length >= good.Length - trailer, $"{length} of {good.Length}");
            Assert.True(answer.Status == 400 || answer.Data() == "[1,2,3,4]", $"{length} of {good.Length}");
            Assert.Equal(answer.Status == 400 ? 0 : 1, answer.Runs);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Infer_CompressedBodyWithAFlippedBit_Returns400(string encoding)
    {
        var good = Compress(encoding, Wire.Good());
        var accepted = 0;

        for (var bit = 0; bit < good.Length * 8; bit++)
        {
            var body = good.ToArray();
            body[bit / 8] ^= (byte)(1 << (bit % 8));
            var answer = await SendAsync(FakeModel.Echo(), body, encoding);

            Assert.True(answer.Status is 200 or 400, $"bit {bit}: {answer.Status} {string.Join('\n', answer.Warnings)}");
            Assert.True(answer.Status == 400 || answer.Data() == "[1,2,3,4]", $"bit {bit}");
            accepted += answer.Runs;
        }

        // Only in gzip's header are bits without a meaning: time, system, flags of the compressor.
        Assert.InRange(accepted, 0, encoding == "gzip" ? 64 : 8);
    }

    [Theory]
    [InlineData(' ', "{\"x\":1,", 64)]
    [InlineData('a', "{\"x\":\"", 64)]
    [InlineData('[', "{\"x\":", 64)]
    [InlineData('9', "{\"x\":", 64)]
    [InlineData(' ', "{\"x\":1,", 0)]
    [InlineData('a', "{\"x\":\"", 0)]
    public async Task Infer_TenGigabytesInTenMegabytes_AreNotInflated(char filling, string start, int limit)
    {
        var model = await Models.Sink(TensorDataType.Bytes, -1).WithAsync(new ModelOptions { MaxBytesLength = Math.Max(limit * Megabyte, 4) });
        var body = new Bomb(Compress("gzip", Wire.Utf8(start)), Compress("gzip", [.. Enumerable.Repeat((byte)filling, 10 * Megabyte)]), times: 1024);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var thread = Environment.CurrentManagedThreadId;

        var answer = await Conversation.SendAsync(model, PipeReader.Create(body), static headers => headers.ContentEncoding = "gzip");

        Assert.Equal(thread, Environment.CurrentManagedThreadId);
        Assert.True(answer.Status is 400 or 413, $"{answer.Status}");
        answer.MustRefuse(answer.Status);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 48 * Megabyte);
        Assert.InRange(body.Position, 0, body.Length / 10);
    }

    [Fact]
    public async Task Infer_InflatedBodyBeyondTheLimit_Returns413()
    {
        // One row of four numbers: 64 KiB and little more are legal.
        var body = Compress("gzip", Wire.Join(Wire.Good(), [.. Enumerable.Repeat((byte)' ', 80_000)]));

        var answer = await SendAsync(FakeModel.Echo(), body, "gzip");

        Assert.InRange(body.Length, 1, 1000);
        answer.MustRefuse(413);
    }

    [Fact]
    public async Task Infer_MegabytesOfWhiteSpace_AreTaken()
    {
        var model = await Models.Sink(TensorDataType.Bytes, -1).WithAsync(new ModelOptions { MaxBytesLength = 4 * Megabyte });
        var start = Wire.Utf8("{\"inputs\":[{\"name\":\"x\",");
        var end = Wire.Utf8("\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"a\"]}]}");

        var answer = await SendAsync(model, Compress("gzip", Wire.Join(start, [.. Enumerable.Repeat((byte)' ', 4 * Megabyte)], end)), "gzip");

        answer.MustBeFine();
    }

    private static Task<Answer> SendAsync(FakeModel model, byte[] body, string encoding, int packet = int.MaxValue) =>
        Conversation.SendAsync(model, body, packet, headers => headers.ContentEncoding = encoding);

    private static byte[] Compress(string encoding, byte[] body)
    {
        using var compressed = new MemoryStream();
        using (Stream compressor = encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(compressed, CompressionLevel.Fastest)
            : new ZLibStream(compressed, CompressionLevel.Fastest))
        {
            compressor.Write(body);
        }

        return compressed.ToArray();
    }
}
