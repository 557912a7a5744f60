using System.Net;
using System.Text.Json;

namespace SecureInference.IntegrationTests.Samples;

/// <summary>What an infer request was answered: its outputs, whatever form they came in.</summary>
internal sealed record InferAnswer(string? Id, IReadOnlyList<WireTensor> Outputs, string Json)
{
    public static async Task<InferAnswer> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, System.Text.Encoding.UTF8.GetString(body));
        var length = body.Length;
        if (response.Headers.TryGetValues(InferBody.HeaderLength, out var lengths) || response.Content.Headers.TryGetValues(InferBody.HeaderLength, out lengths))
        {
            Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.MediaType);
            length = int.Parse(Assert.Single(lengths), System.Globalization.CultureInfo.InvariantCulture);
        }

        return Read(body.AsSpan(0, length).ToArray(), body.AsSpan(length));
    }

    private static InferAnswer Read(byte[] json, ReadOnlySpan<byte> binary)
    {
        using var document = JsonDocument.Parse(json);
        var outputs = new List<WireTensor>();
        foreach (var output in document.RootElement.GetProperty("outputs").EnumerateArray())
        {
            if (output.TryGetProperty("data", out _))
            {
                outputs.Add(WireTensor.FromJson(output));
                continue;
            }

            var size = output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32();
            var shape = output.GetProperty("shape").EnumerateArray().Select(static dimension => dimension.GetInt64()).ToArray();
            outputs.Add(new WireTensor(
                output.GetProperty("name").GetString()!, output.GetProperty("datatype").GetString()!, shape, binary[..size].ToArray()));
            binary = binary[size..];
        }

        Assert.True(binary.IsEmpty, "The answer goes on after its last output.");
        var id = document.RootElement.TryGetProperty("id", out var echoed) ? echoed.GetString() : null;
        return new InferAnswer(id, outputs, System.Text.Encoding.UTF8.GetString(json));
    }
}
