using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Load;

/// <summary>Sends guesses over kept connections at a steady pace. They are written down beforehand, and answers are counted by a search for bytes:
/// the guesser shares the server's processors, and what it costs would be taken for what the server costs.</summary>
internal sealed class GuessFlood
{
    /// <summary>Guesses a second.</summary>
    public const int Pace = 4000;

    private const int Senders = 4;
    private const int AtOnce = 5;
    private readonly Uri _address;
    private readonly byte[][] _batches;
    private int _next;
    private int _rejected;
    private int _limited;
    private int _passed;

    /// <param name="address">The server.</param>
    /// <param name="addresses">How many networks the guesses come from, each a /24 of its own.</param>
    /// <param name="path">Where they are sent; an answer's body has one closing brace.</param>
    /// <param name="withKey">Whether they bring a key that nobody has; nothing otherwise.</param>
    public GuessFlood(Uri address, int addresses, string path = "/v2", bool withKey = true)
    {
        _address = address;
        _batches = [.. Enumerable.Range(0, addresses).Chunk(AtOnce).Select(
            chunk => Encoding.ASCII.GetBytes(string.Concat(chunk.Select(network => Guess(network, path, withKey ? $"x-api-key: {TestKeys.Unknown()}\r\n" : "")))))];
    }

    public int Passed => Volatile.Read(ref _passed);

    public int Rejected => Volatile.Read(ref _rejected);

    public int Limited => Volatile.Read(ref _limited);

    public void Reset() => _rejected = _limited = _passed = 0;

    public Task RunAsync(int guesses) => Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(() => SendAsync(guesses / Senders))));

    private static string Guess(int network, string path, string key) => string.Create(
        CultureInfo.InvariantCulture,
        $"GET {path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: {20 + (network >> 16)}.{(network >> 8) & 255}.{network & 255}.1\r\n{key}\r\n");

    private async Task SendAsync(int guesses)
    {
        var cancelled = TestContext.Current.CancellationToken;
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(_address.Host, _address.Port, cancelled);
        var buffer = new byte[64 * 1024];
        var start = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < guesses; sent += AtOnce)
        {
            await socket.SendAsync(_batches[Interlocked.Increment(ref _next) % _batches.Length], cancelled);
            await CountAsync(socket, buffer, cancelled);
            var early = TimeSpan.FromSeconds(sent * (double)Senders / Pace) - Stopwatch.GetElapsedTime(start);
            if (early > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(early, cancelled);
            }
        }
    }

    // Every body ends in the one closing brace that its JSON has: so many of them, so many answers are whole.
    private async Task CountAsync(Socket socket, byte[] buffer, CancellationToken cancelled)
    {
        var length = 0;
        while (buffer.AsSpan(0, length).Count((byte)'}') < AtOnce)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length), cancelled);
            Assert.NotEqual(0, received);
            length += received;
        }

        Interlocked.Add(ref _rejected, buffer.AsSpan(0, length).Count("HTTP/1.1 403 "u8));
        Interlocked.Add(ref _passed, buffer.AsSpan(0, length).Count("HTTP/1.1 200 "u8));
        Interlocked.Add(ref _limited, buffer.AsSpan(0, length).Count("HTTP/1.1 429 "u8));
    }
}
