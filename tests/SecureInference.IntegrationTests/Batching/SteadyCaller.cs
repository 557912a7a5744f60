using System.Buffers.Text;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>Sends one request over and over on a connection of its own, from a thread of its own, and allocates nothing once it goes on.</summary>
internal sealed class SteadyCaller : IDisposable
{
    /// <summary>A row may come out of batches of several sizes, which add up in other orders.</summary>
    private const float Tolerance = 1e-4f;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly byte[] _request;
    private readonly float[] _expected;
    private readonly Thread _thread;
    private volatile bool _isOver;
    private volatile Exception? _failure;
    private long _answered;

    /// <param name="address">Whom to ask.</param>
    /// <param name="request">The whole message.</param>
    /// <param name="expected">The values at the end of each answer.</param>
    public SteadyCaller(Uri address, byte[] request, float[] expected)
    {
        _request = request;
        _expected = expected;
        _socket.Connect(address.Host, address.Port);
        _thread = new Thread(Run) { IsBackground = true, Name = "steady caller" };
        _thread.Start();
    }

    public long Answered => Volatile.Read(ref _answered);

    /// <summary>Gets why it asks no more; <see langword="null"/> while it does.</summary>
    public Exception? Failure => _failure;

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        _socket.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_isOver)
            {
                _socket.Send(_request);
                Receive();
                Volatile.Write(ref _answered, _answered + 1);
            }
        }
#pragma warning disable CA1031 // Whatever it is, the test says it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _failure = exception;
        }
    }

    private void Receive()
    {
        var (length, end) = (0, -1);
        for (; end < 0; end = _buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8))
        {
            length += ReceiveSome(length);
        }

        var head = _buffer.AsSpan(0, end);
        var at = head.IndexOf("Content-Length: "u8);
        if (!head.StartsWith("HTTP/1.1 200 "u8) || at < 0 || !Utf8Parser.TryParse(head[(at + 16)..], out int body, out _))
        {
            throw new InvalidDataException(System.Text.Encoding.UTF8.GetString(_buffer, 0, length));
        }

        while (length < end + 4 + body)
        {
            length += ReceiveSome(length);
        }

        var values = MemoryMarshal.Cast<byte, float>(_buffer.AsSpan(length - (_expected.Length * sizeof(float)), _expected.Length * sizeof(float)));
        for (var index = 0; index < values.Length; index++)
        {
            if (!(Math.Abs(values[index] - _expected[index]) <= Tolerance))
            {
                throw new InvalidDataException("The answer is not of this request.");
            }
        }
    }

    private int ReceiveSome(int at)
    {
        var received = _socket.Receive(_buffer.AsSpan(at));
        return received > 0 ? received : throw new EndOfStreamException("The server hung up.");
    }
}
