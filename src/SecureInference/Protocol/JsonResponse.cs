using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace SecureInference.Protocol;

/// <summary>Answers with a small JSON object.</summary>
internal static class JsonResponse
{
    public static async Task WriteAsync<TState>(HttpContext http, int status, TState state, Action<Utf8JsonWriter, TState> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        write(json, state);
        json.WriteEndObject();
        json.Flush();
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = buffer.WrittenCount;
        var isThere = !http.RequestAborted.IsCancellationRequested;
        await http.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
        InferenceContext.Find(http)?.IsAnswered = isThere;
    }
}
