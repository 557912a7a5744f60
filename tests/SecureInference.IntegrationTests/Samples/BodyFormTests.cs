using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SecureInference.IntegrationTests.Samples;

public sealed class BodyFormTests(DigitsSample sample) : IClassFixture<DigitsSample>
{
    private const string Infer = "/v2/models/digits/infer";
    private const int Row = 42;

    [Fact]
    public async Task Infer_BodyInTinyPieces_EqualsTheWhole()
    {
        var random = new Random(17);
        var json = InferBody.JsonText("pieces", HeldOutDigits.Tensor([Row]));
        using var connection = await RawConnection.OpenAsync(sample.Process.Address);
        await connection.SendAsync(Head("Transfer-Encoding: chunked"));
        for (var start = 0; start < json.Length;)
        {
            var piece = json.Substring(start, Math.Min(random.Next(1, 8), json.Length - start));
            await connection.SendAsync($"{piece.Length:x}\r\n{piece}\r\n");
            start += piece.Length;
        }

        await connection.SendAsync("0\r\n\r\n");
        var (status, _, body) = await connection.ReceiveAsync();

        Assert.Equal(200, status);
        using var answer = JsonDocument.Parse(body);
        Assert.Equal(await ExpectedAsync(), WireTensor.FromJson(answer.RootElement.GetProperty("outputs")[0]).Data);
    }

    [Fact]
    public async Task Infer_DataBeforeTheirDescription_EqualsTheUsualOrder()
    {
        var tensor = HeldOutDigits.Tensor([Row]);
        using var content = InferBody.Text(
            $$"""{"inputs":[{"data":[[{{tensor.DataToJson()}}]],"datatype":"FP32","shape":[1,64],"name":"pixels"}],"id":"late"}""");

        using var response = await sample.Client.PostAsync(Infer, content, TestContext.Current.CancellationToken);

        var answer = await InferAnswer.ReadAsync(response);
        Assert.Equal("late", answer.Id);
        Assert.Equal(await ExpectedAsync(), answer.Outputs[0].Data);
    }

    [Theory]
    [InlineData("\"quoted\" \\ </script>")]
    [InlineData("ä€𝄞\u2028\u0000")]
    [InlineData("")]
    public async Task Infer_AnyId_IsEchoed(string id)
    {
        using var response = await sample.Client.PostAsync(
            Infer, InferBody.Json(id, HeldOutDigits.Tensor([Row])), TestContext.Current.CancellationToken);

        Assert.Equal(id, (await InferAnswer.ReadAsync(response)).Id);
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("7")]
    [InlineData("{}")]
    public async Task Infer_IdThatIsNoText_Is400(string id)
    {
        var refusal = await Refusal.PostAsync(sample.Client, Infer, InferBody.Text($$"""{"id":{{id}},"inputs":[]}"""));

        Assert.Equal((400, "payload_malformed"), (refusal.Status, refusal.Rule));
    }

    [Fact]
    public async Task Refusal_BodyThatLooksLikeARequest_IsNotTakenForOne()
    {
        const string Smuggled = "GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
        using var connection = await RawConnection.OpenAsync(sample.Process.Address);

        // Two requests at once, the first refused before its body is read.
        await connection.SendAsync(
            string.Create(CultureInfo.InvariantCulture, $"POST {Infer} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {Smuggled.Length}\r\n\r\n{Smuggled}")
            + $"GET /v2 HTTP/1.1\r\nHost: localhost\r\nx-api-key: {sample.Key}\r\n\r\n");
        var first = await connection.ReceiveRefusalAsync();
        var (status, _, body) = await connection.ReceiveAsync();

        Assert.Equal(401, first.Status);
        Assert.Equal(200, status);
        Assert.Contains("\"extensions\"", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_BothFramings_IsRefusedAndTheConnectionEnds()
    {
        using var connection = await RawConnection.OpenAsync(sample.Process.Address);
        await connection.SendAsync(Head("Content-Length: 5\r\nTransfer-Encoding: chunked") + "0\r\n\r\n");

        var (status, _, _) = await connection.ReceiveAsync();

        Assert.Equal(400, status);
        Assert.True(await connection.IsClosedAsync());
    }

    private async Task<byte[]> ExpectedAsync()
    {
        using var response = await sample.Client.PostAsync(
            Infer, InferBody.Binary("expected", HeldOutDigits.Tensor([Row])), TestContext.Current.CancellationToken);
        return (await InferAnswer.ReadAsync(response)).Outputs[0].Data;
    }

    private string Head(string headers) => $"POST {Infer} HTTP/1.1\r\nHost: localhost\r\nx-api-key: {sample.Key}\r\n{headers}\r\n\r\n";
}
