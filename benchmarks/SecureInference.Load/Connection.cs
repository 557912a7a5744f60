using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace SecureInference.Load;

/// <summary>One connection, with at most one request under way.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _length;

    public Connection(IPEndPoint server)
    {
        _socket.Connect(server);
        _socket.Blocking = false;
    }

    public int Handle => (int)_socket.Handle;

    /// <summary>Gets the time stamp of the request that is under way.</summary>
    public long Sent { get; private set; }

    public void Send(ReadOnlySpan<byte> request, long now)
    {
        _length = 0;
        Sent = now;
        if (_socket.Send(request) != request.Length)
        {
            throw new InvalidOperationException("A request does not fit the socket's buffer.");
        }
    }

    /// <summary>Reads what has come.</summary>
    /// <returns>Whether the answer was 200, once it is whole.</returns>
    public bool? Receive()
    {
        var received = _socket.Receive(_buffer.AsSpan(_length));
        if (received == 0)
        {
            throw new InvalidOperationException("The server has closed a connection.");
        }

        _length += received;
        var answer = _buffer.AsSpan(0, _length);
        return IsWhole(answer) ? answer.StartsWith("HTTP/1.1 200 "u8) : null;
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        // Where a server does not know the length in advance, the last chunk is an empty one.
        if (answer[..end].IndexOf("\r\nTransfer-Encoding: chunked"u8) >= 0)
        {
            return answer.EndsWith("\r\n0\r\n\r\n"u8);
        }

        var name = "\r\nContent-Length: "u8;
        var at = answer[..end].IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(answer[(at + name.Length)..], out int length, out _)
            ? answer.Length >= end + 4 + length
            : throw new InvalidOperationException("An answer does not say its length.");
    }
}
