using System.Buffers.Text;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>A connection that can be ended in every way, at every moment.</summary>
internal sealed class HangUpWire : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[64 * 1024];

    public static async Task<HangUpWire> ConnectAsync(Uri address, int receiveBuffer = 0)
    {
        var wire = new HangUpWire();
        if (receiveBuffer > 0)
        {
            wire._socket.ReceiveBufferSize = receiveBuffer;
        }

        await wire._socket.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        return wire;
    }

    /// <summary>Writes an infer request with binary tensors, both ways.</summary>
    public static byte[] Request(string model, string key, string parameters, params IReadOnlyCollection<Samples.WireTensor> inputs)
    {
        var json = Encoding.ASCII.GetBytes($$"""{"parameters":{"binary_data_output":true{{parameters}}},"inputs":[{{string.Join(',', inputs.Select(static input => string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"name":"{{{input.Name}}}","shape":[{{{string.Join(',', input.Shape)}}}],"datatype":"{{{input.Datatype}}}","parameters":{"binary_data_size":{{{input.Data.Length}}}}}""")))}}]}""");
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST /v2/models/{model}/infer HTTP/1.1\r\nHost: x\r\nx-api-key: {key}\r\nInference-Header-Content-Length: {json.Length}\r\nContent-Length: {json.Length + inputs.Sum(static input => input.Data.Length)}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. json, .. inputs.SelectMany(static input => input.Data)];
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, TestContext.Current.CancellationToken)..];
        }
    }

    /// <summary>Reads one answer; its outputs' bytes follow one another in <see cref="HangUpAnswer.Outputs"/>.</summary>
    public async Task<HangUpAnswer> ReceiveAsync()
    {
        var (length, end) = (0, -1);
        for (; end < 0; end = _buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8))
        {
            length += await ReceiveSomeAsync(length);
        }

        var head = Encoding.ASCII.GetString(_buffer, 0, end + 2);
        var start = end + 4;
        var whole = start + NumberOf(head, "\r\nContent-Length: ");
        Array.Resize(ref _buffer, Math.Max(_buffer.Length, whole));
        while (length < whole)
        {
            length += await ReceiveSomeAsync(length);
        }

        Assert.Equal(whole, length);
        return new HangUpAnswer(NumberOf(head, "HTTP/1.1 "), head.Contains("\r\nConnection: close", StringComparison.Ordinal), _buffer.AsMemory(start, whole - start), Math.Max(NumberOf(head, "\r\nInference-Header-Content-Length: "), 0));
    }

    /// <summary>Reads what has come of an answer, and no more.</summary>
    public async Task ReceiveBeginningAsync() => await ReceiveSomeAsync(0);

    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection as the system does for a program that was killed: the other side learns of it when it writes, or at once.</summary>
    public void Reset() => _socket.Close(0);

    public void Dispose() => _socket.Dispose();

    private static int NumberOf(string head, string name) =>
        head.IndexOf(name, StringComparison.OrdinalIgnoreCase) is var at and >= 0 && Utf8Parser.TryParse(Encoding.ASCII.GetBytes(head[(at + name.Length)..]), out int number, out _) ? number : -1;

    private async Task<int> ReceiveSomeAsync(int at)
    {
        var received = await _socket.ReceiveAsync(_buffer.AsMemory(at), TestContext.Current.CancellationToken);
        return received > 0 ? received : throw new EndOfStreamException("The server closed the connection before its answer had come.");
    }
}
