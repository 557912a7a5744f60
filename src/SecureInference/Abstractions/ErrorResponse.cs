using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace SecureInference;

/// <summary>Turns a refusal into its answer: one JSON object that is both RFC 9457 problem details and the protocol's error.</summary>
internal static class ErrorResponse
{
    // The answer is JSON and says so: quotes in it need no escape for people who read it with curl.
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Challenges = ["Bearer", "ApiKey"];

    public static async Task WriteAsync(HttpContext http, InferenceError error)
    {
        var context = InferenceContext.Get(http);
        context.Refusal = error;
        var response = http.Response;
        if (error.IsServersFault)
        {
            context.Charge?.GiveBack(http);
        }

        if (response.HasStarted)
        {
            // Too late for a status: a cut connection is the only honest end of a half-written answer.
            http.Abort();
            return;
        }

        if (await context.ConcludeAsync(error.Status) is { } unrecorded)
        {
            context.Refusal = error = unrecorded;
        }

        WriteHeaders(http, error);
        if (context.Caller is { } caller && http.RequestServices.GetService<ICallerLimits>() is { } limits)
        {
            await limits.DescribeAsync(http, caller);
        }

        var body = WriteBody(error, context.TraceId);
        response.ContentLength = body.WrittenCount;
        var isThere = !http.RequestAborted.IsCancellationRequested;
        await response.BodyWriter.WriteAsync(body.WrittenMemory, http.RequestAborted);
        context.IsAnswered = isThere;
    }

    private static void WriteHeaders(HttpContext http, InferenceError error)
    {
        var headers = http.Response.Headers;
        http.Response.StatusCode = error.Status;
        headers.ContentType = "application/problem+json";
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        if (error.Status == StatusCodes.Status401Unauthorized)
        {
            headers.WWWAuthenticate = error.Code == InferenceErrorCode.TokenInvalid ? "Bearer error=\"invalid_token\"" : Challenges;
        }

        if (error.MissingScope is { } scope)
        {
            headers.WWWAuthenticate = $"Bearer error=\"insufficient_scope\", scope=\"{scope}\"";
        }

        if (error.RetryAfter is { } wait)
        {
            headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (error.Allow is { } allow)
        {
            headers.Allow = allow;
        }

        if (error.Code == InferenceErrorCode.EncodingNotSupported)
        {
            headers[HeaderNames.AcceptEncoding] = "gzip, deflate";
        }

        // What is left on such a connection is not worth reading, or not to be trusted.
        if ((HttpProtocol.IsHttp11(http.Request.Protocol) || HttpProtocol.IsHttp10(http.Request.Protocol))
            && error.Code is InferenceErrorCode.MessageMalformed or InferenceErrorCode.Draining or InferenceErrorCode.BodyTooLarge or InferenceErrorCode.BodyTooSlow)
        {
            headers.Connection = "close";
        }
    }

    private static ArrayBufferWriter<byte> WriteBody(InferenceError error, string traceId)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, JsonOptions);
        json.WriteStartObject();
        json.WriteString("type"u8, InferenceErrorCatalog.Type(error.Code));
        json.WriteString("title"u8, InferenceErrorCatalog.Title(error.Status));
        json.WriteNumber("status"u8, error.Status);
        json.WriteString("detail"u8, error.Detail);
        json.WriteString("traceId"u8, traceId);
        json.WriteString("error"u8, error.Detail);
        if (error.ViolatedPolicies.Count != 0)
        {
            json.WriteStartArray("violated-policies"u8);
            foreach (var policy in error.ViolatedPolicies)
            {
                json.WriteStringValue(policy);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.Flush();
        return buffer;
    }
}
