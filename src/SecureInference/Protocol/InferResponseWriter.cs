using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace SecureInference.Protocol;

/// <summary>Writes an answer: JSON, and after it the outputs that travel in binary.</summary>
internal static class InferResponseWriter
{
    private const string HeaderLength = "Inference-Header-Content-Length";

    public static ValueTask<InferenceError?> WriteAsync(
        HttpContext http, ModelMetadata model, InferCall call, InferenceResponse answer, int compressionThreshold)
    {
        var encoding = SizeOf(answer) >= compressionThreshold ? ResponseEncoding.Choose(http.Request.Headers.AcceptEncoding) : null;
        if (encoding is not null)
        {
            return CompressAsync(http, model, call, answer, encoding);
        }

        var body = http.Response.BodyWriter;
        http.Response.ContentLength = Write(http, body, model, call, answer);
        var isThere = !http.RequestAborted.IsCancellationRequested;
        var flush = body.FlushAsync(http.RequestAborted);
        return flush.IsCompletedSuccessfully ? End(http, isThere, flush.Result) : WaitAsync(http, flush);
    }

    // What became of an answer after this is the server's to know.
    private static ValueTask<InferenceError?> End(HttpContext http, bool isThere, FlushResult _)
    {
        InferenceContext.Get(http).IsAnswered = isThere;
        return default;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<InferenceError?> WaitAsync(HttpContext http, ValueTask<FlushResult> flush)
    {
        await flush;
        InferenceContext.Get(http).IsAnswered = !http.RequestAborted.IsCancellationRequested;
        return null;
    }

    private static async ValueTask<InferenceError?> CompressAsync(HttpContext http, ModelMetadata model, InferCall call, InferenceResponse answer, string encoding)
    {
        http.Response.Headers.ContentEncoding = encoding;
        http.Response.Headers.Vary = "Accept-Encoding";
        await using var compressor = ResponseEncoding.Compress(encoding, http.Response.Body);
        var writer = PipeWriter.Create(compressor, new StreamPipeWriterOptions(ClearingMemoryPool.Instance, leaveOpen: true));
        Write(http, writer, model, call, answer);
        await writer.FlushAsync(http.RequestAborted);
        await writer.CompleteAsync();
        InferenceContext.Get(http).IsAnswered = !http.RequestAborted.IsCancellationRequested;
        return null;
    }

    /// <summary>Writes everything, and the headers that say how long its parts are; nothing leaves before the flush.</summary>
    private static long Write(HttpContext http, PipeWriter writer, ModelMetadata model, InferCall call, InferenceResponse answer)
    {
        var json = new JsonAnswer(writer);
        json.Write(model, call, answer);
        var length = json.Length;
        var hasBinary = false;
        for (var index = 0; index < answer.Outputs.Count; index++)
        {
            if (call.IsBinary(index))
            {
                hasBinary = true;
                writer.Write(answer.Outputs[index].Data.Span);
                length += answer.Outputs[index].Data.Length;
            }
        }

        http.Response.ContentType = hasBinary ? "application/octet-stream" : "application/json";
        if (hasBinary)
        {
            http.Response.Headers[HeaderLength] = HeaderLengths.Of(json.Length);
        }

        return length;
    }

    private static long SizeOf(InferenceResponse answer)
    {
        var size = 0L;
        for (var index = 0; index < answer.Outputs.Count; index++)
        {
            size += answer.Outputs[index].Data.Length;
        }

        return size;
    }
}
