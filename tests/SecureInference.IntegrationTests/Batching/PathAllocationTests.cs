using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.IntegrationTests.Samples;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>What a request allocates beyond a bare server that is sent the same and has the same route, where nothing waits.</summary>
[Collection(AloneCollection.Name)]
public sealed class PathAllocationTests(ITestOutputHelper output)
{
    private const int Columns = 64;
    private const int Requests = 2_000;

    /// <summary>Nothing, but for what the rest of the process does meanwhile; a debug build makes an object of every asynchronous method's state.</summary>
#if DEBUG
    private const long MostBytes = 3_000;
#else
    private const long MostBytes = 24;
#endif

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Infer_SteadyState_AllocatesNothingBeyondABareServer(bool isJson)
    {
        using var folder = new TestFolder();
        var (app, key) = await PathApp.StartGuardedAsync(folder, Columns);
        await using var guarded = app;
        await using var bare = await PathApp.StartBareAsync(folder.Path, new byte[200]);
        float[] values = [.. Enumerable.Range(0, Columns).Select(static column => column / 7f)];
        var request = isJson ? Json(key, values) : HangUpWire.Request(PathApp.Model, key, "", WireTensor.Of("x", "FP32", [1, Columns], values));

        var (bareBytes, bytes) = (Measure(bare, request), Measure(guarded, request));
        for (var tries = 0; tries < 5 && bytes - bareBytes > MostBytes; tries++)
        {
            // The runner of tests allocates too: the least of a few is what the requests do.
            (bareBytes, bytes) = (Math.Max(bareBytes, Measure(bare, request)), Math.Min(bytes, Measure(guarded, request)));
        }

        output.WriteLine($"A request allocates {bytes} bytes; {bareBytes} of a bare server.");
        Assert.InRange(bytes - bareBytes, long.MinValue, MostBytes);
    }

    private static byte[] Json(string key, float[] values)
    {
        var body = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"inputs":[{"name":"x","shape":[1,{{Columns}}],"datatype":"FP32","data":[{{string.Join(',', values.Select(static value => value.ToString(CultureInfo.InvariantCulture)))}}]}]}""");
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"POST /v2/models/{PathApp.Model}/infer HTTP/1.1\r\nHost: x\r\nx-api-key: {key}\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
    }

    private static long Measure(WebApplication app, byte[] request)
    {
        var address = new Uri(app.Urls.First());
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(address.Host, address.Port);
        var buffer = new byte[4096];
        Ask(socket, request, buffer, Requests / 4);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Ask(socket, request, buffer, Requests);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / Requests;
    }

    private static void Ask(Socket socket, byte[] request, byte[] buffer, int times)
    {
        for (var time = 0; time < times; time++)
        {
            socket.Send(request);

            // Answers are short, and come in one piece.
            var length = socket.Receive(buffer);
            Assert.True(buffer.AsSpan(0, length).StartsWith("HTTP/1.1 200 "u8));
        }
    }
}
