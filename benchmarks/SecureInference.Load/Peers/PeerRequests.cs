using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace SecureInference.Load.Peers;

/// <summary>The request that all servers are sent: one picture of a digit, 64 floats.</summary>
internal static class PeerRequests
{
    private static readonly float[] Pixels = [.. Enumerable.Range(0, 64).Select(static pixel => MathF.Round(MathF.Abs(MathF.Sin(pixel)) * 16, 4))];

    public static byte[] Json(string key)
    {
        var values = string.Join(',', Pixels.Select(static pixel => pixel.ToString("R", CultureInfo.InvariantCulture)));
        return Request(key, "Content-Type: application/json\r\n", Encoding.ASCII.GetBytes($$"""{"inputs":[{"name":"pixels","shape":[1,64],"datatype":"FP32","data":[{{values}}]}]}"""));
    }

    public static byte[] Binary(string key)
    {
        var data = MemoryMarshal.AsBytes<float>(Pixels);
        var head = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"parameters":{"binary_data_output":true},"inputs":[{"name":"pixels","shape":[1,64],"datatype":"FP32","parameters":{"binary_data_size":{{{data.Length}}}}}]}"""));
        return Request(key, string.Create(CultureInfo.InvariantCulture, $"Content-Type: application/octet-stream\r\nInference-Header-Content-Length: {head.Length}\r\n"), [.. head, .. data]);
    }

    private static byte[] Request(string key, string headers, ReadOnlySpan<byte> body) =>
    [
        .. Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"POST /v2/models/{PeerServer.Model}/infer HTTP/1.1\r\nHost: localhost\r\nx-api-key: {key}\r\n{headers}Content-Length: {body.Length}\r\n\r\n")),
        .. body,
    ];
}
