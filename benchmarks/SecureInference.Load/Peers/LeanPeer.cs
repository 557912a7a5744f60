using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Load.Peers;

/// <summary>Without guards and without a protocol's generality, as somebody would write it who wants one model to be fast: numbers go from the body into bound memory, and back.</summary>
internal static class LeanPeer
{
    private const int Inputs = 64;
    private const int Outputs = 10;
    private static readonly ConcurrentBag<LeanTensors> Free = [];

    public static WebApplication Build()
    {
        var app = PeerServer.Prepare(WebApplication.CreateSlimBuilder()).Build();
        var session = FloorPeer.OpenSession();
        app.Run(http => HandleAsync(http, session));
        return app;
    }

    private static async Task HandleAsync(HttpContext http, InferenceSession session)
    {
        var tensors = Free.TryTake(out var free) ? free : new LeanTensors(session.InputNames[0], session.OutputNames[0], Inputs, Outputs);
        var body = http.Request.BodyReader;
        var read = await body.ReadAsync();
        while (!read.IsCompleted)
        {
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await body.ReadAsync();
        }

        var isRead = TryRead(read.Buffer, tensors.Input);
        body.AdvanceTo(read.Buffer.End);
        if (isRead)
        {
            tensors.Run(session);
            Write(http.Response, tensors.Output);
        }
        else
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
        }

        Free.Add(tensors);
    }

    private static bool TryRead(in ReadOnlySequence<byte> body, Span<float> values)
    {
        var reader = new Utf8JsonReader(body);
        var (count, isData) = (0, false);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                isData = reader.CurrentDepth == 3 && reader.ValueTextEquals("data"u8);
            }
            else if (isData && reader.TokenType == JsonTokenType.Number && (count == values.Length || !reader.TryGetSingle(out values[count++])))
            {
                return false;
            }
        }

        return count == values.Length;
    }

    private static void Write(HttpResponse response, ReadOnlySpan<float> values)
    {
        var head = """{"model_name":"digits","outputs":[{"name":"probabilities","datatype":"FP32","shape":[1,10],"data":["""u8;
        var span = response.BodyWriter.GetSpan(512);
        head.CopyTo(span);
        var length = head.Length;
        foreach (var value in values)
        {
            Utf8Formatter.TryFormat(value, span[length..], out var written);
            length += written;
            span[length++] = (byte)',';
        }

        "]}]}"u8.CopyTo(span[(length - 1)..]);
        length += 3;
        response.ContentType = "application/json";
        response.ContentLength = length;
        response.BodyWriter.Advance(length);
    }
}
