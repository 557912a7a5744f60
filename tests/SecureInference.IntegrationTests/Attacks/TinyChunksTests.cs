using System.Globalization;
using System.Text;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Attacks;

/// <summary>Millions of chunks of one byte: what overflowed the stack of another server must cost neither stack nor heap here.</summary>
[Collection(AloneCollection.Name)]
public sealed class TinyChunksTests
{
    private const int Rows = 150;
    private const int Columns = 1024;

    /// <summary>Less than the smallest object for each chunk would come to.</summary>
    private const long MostAllocated = 48 << 20;

    [Fact]
    public async Task Infer_ThreeMegabytesInChunksOfOneByte_AllocatesNothingForAChunk()
    {
        var model = FakeModel.Create(
            [new TensorSpec("x", TensorDataType.Float32, [-1, Columns])],
            [new TensorSpec("y", TensorDataType.Float32, [1])],
            static (request, _) => ValueTask.FromResult(new InferenceResponse(Tensor.Create<float>("y", [1], [request.Inputs[0].GetValues<float>()[^1]]))));

        // The server counts what frames a body as body: five bytes more for each of these.
        await using var app = await EchoApp.StartAsync(model, configure: static options => options.MaxBatchSize = 4 * Rows);
        var body = Body();
        var chunks = Chunks(body);
        using var client = await RawClient.ConnectAsync(app.Address, TestContext.Current.CancellationToken);
        await client.SendAsync(
            $"POST {EchoApp.InferPath} HTTP/1.1\r\nHost: localhost\r\nx-api-key: {app.Key}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n",
            TestContext.Current.CancellationToken);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await client.SendAsync(chunks, TestContext.Current.CancellationToken);
        var answer = await client.ReadToEndAsync(TestContext.Current.CancellationToken);

        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.True(body.Length > 3_000_000);
        Assert.Equal([200], RawClient.Statuses(answer));
        Assert.Contains("\"data\":[0.153599]", answer, StringComparison.Ordinal);
        Assert.InRange(allocated, 0, MostAllocated);
        using var next = await app.Client.GetAsync("/v2/models/fake", TestContext.Current.CancellationToken);
        next.EnsureSuccessStatusCode();
    }

    private static byte[] Body()
    {
        var text = new StringBuilder($$"""{"inputs":[{"name":"x","shape":[{{Rows}},{{Columns}}],"datatype":"FP32","data":[""");
        for (var element = 0; element < Rows * Columns; element++)
        {
            // Twenty bytes each, and no two alike: a byte that is lost or doubled shows.
            text.Append(element == 0 ? "" : ",").Append((element / 1e6).ToString("0.00000000000000000", CultureInfo.InvariantCulture));
        }

        return Encoding.ASCII.GetBytes(text.Append("]}]}").ToString());
    }

    private static byte[] Chunks(byte[] body)
    {
        var chunks = new byte[(body.Length * 6) + 5];
        for (var index = 0; index < body.Length; index++)
        {
            "1\r\n_\r\n"u8.CopyTo(chunks.AsSpan(index * 6));
            chunks[(index * 6) + 3] = body[index];
        }

        "0\r\n\r\n"u8.CopyTo(chunks.AsSpan(body.Length * 6));
        return chunks;
    }
}
