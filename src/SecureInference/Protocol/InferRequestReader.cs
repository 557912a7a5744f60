using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using SecureInference.Protocol.Json;

namespace SecureInference.Protocol;

/// <summary>Reads an infer request: JSON, and after it the binary parts, straight into the tensors' own memory.</summary>
internal static class InferRequestReader
{
    private const string HeaderLength = "Inference-Header-Content-Length";

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<(InferCall? Call, InferenceError? Error)> ReadAsync(HttpContext http, RequestBody body, CallDraft draft)
    {
        if (!TryGetHeaderLength(http, out var headerLength))
        {
            return (null, InferenceErrors.Payload($"{HeaderLength} is not a number of bytes."));
        }

        var cancelled = http.RequestAborted;
        var error = headerLength == 0
            ? await RawRequest.ReadAsync(body, draft, cancelled)
            : await ReadJsonAsync(body, draft, headerLength, cancelled) ?? await ReadBinaryAsync(body, draft, headerLength is not null, cancelled);
        InferCall? call = null;
        error ??= draft.Complete(out call);
        return (call, error);
    }

    private static bool TryGetHeaderLength(HttpContext http, out long? length)
    {
        length = null;
        var values = http.Request.Headers[HeaderLength];
        if (values.Count == 0)
        {
            return true;
        }

        var isNumber = long.TryParse(values.Count == 1 ? values[0] : null, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        length = number;
        return isNumber;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<InferenceError?> ReadJsonAsync(
        RequestBody body, CallDraft draft, long? headerLength, CancellationToken cancellationToken)
    {
        var feed = new JsonFeed(draft.BeginJson());
        var left = headerLength ?? long.MaxValue;
        var enough = 0L;
        while (true)
        {
            var result = await body.ReadAsync(cancellationToken);
            var json = result.Buffer.Length >= left ? result.Buffer.Slice(0, left) : result.Buffer;
            var isLast = json.Length == left || result.IsCompleted;
            if (!isLast && json.Length < enough)
            {
                body.AdvanceTo(json.Start, json.End);
                continue;
            }

            if (isLast && headerLength is not null && json.Length < left)
            {
                body.AdvanceTo(result.Buffer.End, result.Buffer.End);
                return InferenceErrors.Payload($"{HeaderLength} is larger than the body.");
            }

            var error = feed.Accept(json, isLast, out var consumed);
            if (error is not null || isLast)
            {
                body.AdvanceTo(json.End, json.End);
                return error;
            }

            // A long token is looked at again only once it has doubled: else its sender, byte by byte, makes us read it a million times.
            var unread = json.Slice(consumed).Length;
            enough = Math.Min(unread * 2, JsonFeed.MaxTokenLength + 1L);
            left -= json.Length - unread;
            body.AdvanceTo(consumed, json.End);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<InferenceError?> ReadBinaryAsync(
        RequestBody body, CallDraft draft, bool hasHeaderLength, CancellationToken cancellationToken)
    {
        foreach (var input in draft.Inputs)
        {
            if (input.BinarySize is null)
            {
                continue;
            }

            if (!hasHeaderLength)
            {
                return InferenceErrors.Payload($"binary_data_size needs the header {HeaderLength}.");
            }

            if (await input.ReadBinaryAsync(body, cancellationToken) is { } error)
            {
                return error;
            }
        }

        return !hasHeaderLength || await body.EndsHereAsync(cancellationToken)
            ? null
            : InferenceErrors.Payload("The body goes on after the last binary part.");
    }
}
