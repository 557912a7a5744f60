using System.Globalization;
using System.Net.Http.Headers;

namespace SecureInference.IntegrationTests.Samples;

public sealed class BodyRefusalTests(DigitsSample sample) : IClassFixture<DigitsSample>
{
    private const string Infer = "/v2/models/digits/infer";

    /// <summary>More than any request of 32 rows and 64 pixels can need.</summary>
    private const int TooLarge = 1 << 20;

    [Fact]
    public async Task Post_ContentLengthBeyondTheLimit_Is413BeforeTheBodyIsSent()
    {
        using var connection = await RawConnection.OpenAsync(sample.Process.Address);
        await connection.SendAsync(Head($"Content-Length: {TooLarge}"));

        var refusal = await connection.ReceiveRefusalAsync();

        AssertTooLarge(refusal);
        Assert.Equal("close", refusal.Header("Connection"));
    }

    [Fact]
    public async Task Post_ChunksBeyondTheLimit_Is413BeforeTheLastOne()
    {
        using var connection = await RawConnection.OpenAsync(sample.Process.Address);
        await connection.SendAsync(Head("Transfer-Encoding: chunked"));
        var chunk = new string(' ', 0x1000);
        for (var sent = 0; sent < 0x30000; sent += chunk.Length)
        {
            await connection.SendAsync($"1000\r\n{chunk}\r\n");
        }

        var refusal = await connection.ReceiveRefusalAsync();

        AssertTooLarge(refusal);
    }

    [Fact]
    public async Task Post_BodyThatInflatesBeyondTheLimit_Is413()
    {
        var refusal = await Refusal.PostAsync(sample.Client, Infer, InferBody.Compressed(new string(' ', TooLarge)));

        AssertTooLarge(refusal);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("gzip, gzip")]
    [InlineData("compress")]
    public async Task Post_EncodingThatIsNotSpoken_Is415AndSaysWhichAre(string encoding)
    {
        using var content = new ByteArrayContent([1, 2, 3]);
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);

        var refusal = await Refusal.PostAsync(sample.Client, Infer, content);

        Assert.Equal((415, "encoding_not_supported"), (refusal.Status, refusal.Rule));
        Assert.Equal("gzip, deflate", refusal.Header("Accept-Encoding"));
        Assert.True(refusal.HasRateLimit);
    }

    [Theory]
    [InlineData("""{"inputs":[{"name":"pixel","shape":[1,64],"datatype":"FP32","data":[]}]}""", "tensor_invalid", "unexpected inference input 'pixel'")]
    [InlineData("""{"inputs":[{"name":"pixels","shape":[1,63],"datatype":"FP32","data":[]}]}""", "tensor_invalid", "'pixels' for model 'digits': dimension 1 is 63")]
    [InlineData("""{"inputs":[{"name":"pixels","shape":[33,64],"datatype":"FP32","data":[]}]}""", "tensor_invalid", "batch-size must be <= 32")]
    [InlineData("""{"inputs":[{"name":"pixels","shape":[0,64],"datatype":"FP32","data":[]}]}""", "tensor_invalid", "dimension 0 is 0")]
    [InlineData("""{"inputs":[{"name":"pixels","shape":[-1,64],"datatype":"FP32","data":[]}]}""", "", "shape")]
    [InlineData("""{"inputs":[{"name":"pixels","shape":[64],"datatype":"FP32","data":[]}]}""", "tensor_invalid", "it has 1 dimensions")]
    [InlineData("""{"inputs":[{"name":"pixels","shape":[1,64],"datatype":"FP64","data":[]}]}""", "tensor_invalid", "'pixels' has datatype FP64")]
    [InlineData("""{"inputs":[{"name":"pixels","shape":[1,64],"datatype":"FP32","data":[1,2]}]}""", "tensor_invalid", "'pixels' has 2 elements")]
    [InlineData("""{"inputs":[{"name":"pixels","shape":[1,64],"datatype":"FP32","data":[1e39]}]}""", "tensor_invalid", "element 0 of input 'pixels'")]
    [InlineData("""{"inputs":[{"name":"pixels","shape":[1,64],"datatype":"FP32","data":["NaN"]}]}""", "tensor_invalid", "element 0 of input 'pixels'")]
    [InlineData("""{"inputs":[{"name":"pixels","shape":[1,64],"datatype":"FP32","data":[null]}]}""", "payload_malformed", "'pixels'")]
    [InlineData("""{"inputs":[]}""", "tensor_invalid", "input 'pixels' of model 'digits' is missing")]
    [InlineData("""{"inputs":[{"name":"pixels"}]}""", "payload_malformed", "'pixels' lacks")]
    [InlineData("""{}""", "payload_malformed", "no inputs")]
    [InlineData("""[]""", "payload_malformed", "")]
    [InlineData("""{"inputs":""", "payload_malformed", "")]
    [InlineData("", "payload_malformed", "")]
    [InlineData("drawing", "payload_malformed", "")]
    public async Task Post_BodyThatDoesNotFit_Is400AndNamesTensorAndRule(string body, string rule, string detail)
    {
        var refusal = await Refusal.PostAsync(sample.Client, Infer, InferBody.Text(body));

        Assert.Equal(400, refusal.Status);
        Assert.Contains(rule, refusal.Rule, StringComparison.Ordinal);
        Assert.Contains(detail, refusal.Detail, StringComparison.Ordinal);
        Assert.True(refusal.HasRateLimit);
    }

    [Fact]
    public async Task Post_BinaryPartOfAnotherSize_Is400AndNamesTheTensor()
    {
        var whole = HeldOutDigits.Tensor([0]);

        var tooShort = await Refusal.PostAsync(sample.Client, Infer, InferBody.Binary("1", whole with { Data = whole.Data[..^1] }));
        var tooLong = await Refusal.PostAsync(sample.Client, Infer, InferBody.Binary("1", whole with { Data = [.. whole.Data, 0] }));

        Assert.All([tooShort, tooLong], refusal =>
        {
            Assert.Equal((400, "tensor_invalid"), (refusal.Status, refusal.Rule));
            Assert.Contains("binary_data_size of input 'pixels'", refusal.Detail, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Post_BodyThatIsNoGzip_Is400()
    {
        using var content = new ByteArrayContent([1, 2, 3, 4]);
        content.Headers.ContentEncoding.Add("gzip");

        var refusal = await Refusal.PostAsync(sample.Client, Infer, content);

        Assert.Equal((400, "payload_malformed"), (refusal.Status, refusal.Rule));
    }

    [Fact]
    public async Task Post_SeveralRefusalsApply_TheFirstInOrderAnswers()
    {
        var stranger = await Refusal.PostAsync(sample.Stranger, "/v2/models/nosuch/infer", InferBody.Text("drawing"));
        var unknown = await Refusal.PostAsync(sample.Client, "/v2/models/nosuch/infer", Encoded("br", "drawing"));
        var encoding = await Refusal.PostAsync(sample.Client, Infer, Encoded("br", "drawing"));

        Assert.Equal([401, 404, 415], [stranger.Status, unknown.Status, encoding.Status]);
    }

    private static StringContent Encoded(string encoding, string body)
    {
        var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        content.Headers.ContentEncoding.Add(encoding);
        return content;
    }

    private static void AssertTooLarge(Refusal refusal)
    {
        Assert.Equal((413, "body_too_large"), (refusal.Status, refusal.Rule));
        Assert.True(refusal.HasRateLimit);
    }

    private string Head(string header) => string.Create(
        CultureInfo.InvariantCulture, $"POST {Infer} HTTP/1.1\r\nHost: localhost\r\nx-api-key: {sample.Key}\r\n{header}\r\n\r\n");
}
