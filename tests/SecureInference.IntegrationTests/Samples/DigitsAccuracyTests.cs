using System.Net;
using System.Runtime.InteropServices;

namespace SecureInference.IntegrationTests.Samples;

public sealed class DigitsAccuracyTests(DigitsSample sample) : IClassFixture<DigitsSample>
{
    private const string Infer = "/v2/models/digits/infer";
    private const int MaxBatchSize = 32;
    private const int Classes = 10;

    [Fact]
    public async Task Infer_HeldOutDigits_AreReadRightAndEqualInBothForms()
    {
        var right = 0;
        foreach (var rows in Enumerable.Range(0, HeldOutDigits.All.Count).Chunk(MaxBatchSize))
        {
            var json = await SendAsync(InferBody.Json("json", HeldOutDigits.Tensor(rows)));
            var binary = await SendAsync(InferBody.Binary("binary", HeldOutDigits.Tensor(rows)));

            Assert.Equal(binary.Data, json.Data);
            Assert.Equal([rows.Length, Classes], json.Shape);
            right += json.Values<float>().Chunk(Classes)
                .Zip(rows, static (probabilities, row) => BestOf(probabilities) == HeldOutDigits.All[row].Label)
                .Count(static isRight => isRight);
        }

        Assert.True(right >= 0.97 * HeldOutDigits.All.Count, $"{right} of {HeldOutDigits.All.Count} are right.");
    }

    [Fact]
    public async Task Infer_BatchesOfAnySize_EqualAPlainRun()
    {
        using var plain = new PlainDigits();
        var random = new Random(20260);
        for (var batch = 0; batch < 60; batch++)
        {
            var rows = Enumerable.Range(0, random.Next(1, MaxBatchSize + 1)).Select(_ => random.Next(HeldOutDigits.All.Count)).ToArray();
            var tensor = HeldOutDigits.Tensor(rows);

            var answer = await SendAsync(batch % 2 == 0 ? InferBody.Json("b", tensor) : InferBody.Binary("b", tensor));

            Assert.Equal(MemoryMarshal.AsBytes(plain.Run(rows).AsSpan()).ToArray(), answer.Data);
            Assert.Equal(
                rows.Select(row => BestOf(plain.Run([row]))),
                answer.Values<float>().Chunk(Classes).Select(BestOf));
        }
    }

    [Fact]
    public async Task Infer_CompressedBothWays_EqualsThePlainForms()
    {
        int[] rows = [.. Enumerable.Range(100, MaxBatchSize)];
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.GZip }) { BaseAddress = sample.Process.Address };
        client.DefaultRequestHeaders.Add("x-api-key", sample.Key);
        var expected = await SendAsync(InferBody.Json("plain", HeldOutDigits.Tensor(rows)));

        using var response = await client.PostAsync(
            Infer, InferBody.Compressed(InferBody.JsonText("gzip", HeldOutDigits.Tensor(rows))), TestContext.Current.CancellationToken);
        using var binary = await client.PostAsync(Infer, InferBody.Binary("gzip", HeldOutDigits.Tensor(rows)), TestContext.Current.CancellationToken);

        Assert.Contains("Accept-Encoding", response.Headers.Vary);
        Assert.Equal(expected.Data, (await InferAnswer.ReadAsync(response)).Outputs[0].Data);
        Assert.Equal(expected.Data, (await InferAnswer.ReadAsync(binary)).Outputs[0].Data);
    }

    [Fact]
    public async Task Infer_RawBytes_EqualTheOtherForms()
    {
        var tensor = HeldOutDigits.Tensor([7]);
        using var content = new ByteArrayContent(tensor.Data);
        content.Headers.Add(InferBody.HeaderLength, "0");
        var expected = await SendAsync(InferBody.Json("json", tensor));

        var raw = await SendAsync(content);

        Assert.Equal(expected.Data, raw.Data);
    }

    private static int BestOf(float[] probabilities) => Array.IndexOf(probabilities, probabilities.Max());

    private async Task<WireTensor> SendAsync(HttpContent content)
    {
        using (content)
        {
            using var response = await sample.Client.PostAsync(Infer, content, TestContext.Current.CancellationToken);
            var output = Assert.Single((await InferAnswer.ReadAsync(response)).Outputs);
            Assert.Equal(("probabilities", "FP32"), (output.Name, output.Datatype));
            return output;
        }
    }
}
