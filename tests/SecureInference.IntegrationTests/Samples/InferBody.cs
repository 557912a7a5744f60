using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace SecureInference.IntegrationTests.Samples;

/// <summary>Bodies of infer requests, in the forms that the protocol has.</summary>
internal static class InferBody
{
    public const string HeaderLength = "Inference-Header-Content-Length";

    public static string JsonText(string id, params IEnumerable<WireTensor> inputs) =>
        $$"""{"id":{{JsonSerializer.Serialize(id)}},"inputs":[{{string.Join(',', inputs.Select(static input => Describe(input, $"\"data\":{input.DataToJson()}")))}}]}""";

    public static HttpContent Json(string id, params IEnumerable<WireTensor> inputs) => Text(JsonText(id, inputs));

    public static HttpContent Text(string json) => new StringContent(json, Encoding.UTF8, "application/json");

    /// <summary>Binary both ways.</summary>
    public static HttpContent Binary(string id, params IReadOnlyCollection<WireTensor> inputs)
    {
        var described = inputs.Select(static input => Describe(input, $$"""
            "parameters":{"binary_data_size":{{input.Data.Length.ToString(CultureInfo.InvariantCulture)}}}
            """));
        var head = Encoding.UTF8.GetBytes(
            $$"""{"id":{{JsonSerializer.Serialize(id)}},"parameters":{"binary_data_output":true},"inputs":[{{string.Join(',', described)}}]}""");
        var content = new ByteArrayContent([.. head, .. inputs.SelectMany(static input => input.Data)]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.Add(HeaderLength, head.Length.ToString(CultureInfo.InvariantCulture));
        return content;
    }

    public static HttpContent Compressed(string text)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        var content = new ByteArrayContent(buffer.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private static string Describe(WireTensor input, string data) =>
        $$"""{"name":"{{input.Name}}","shape":[{{string.Join(',', input.Shape)}}],"datatype":"{{input.Datatype}}",{{data}}}""";
}
