using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Load;

/// <summary>Sends guesses over kept connections, one after the other at a steady pace, as many strangers who know nothing of each other do. They are
/// written down beforehand, sent by threads of their own, and answers are counted by a search for bytes: the guesser shares the server's processors,
/// and what it costs would be taken for what the server costs.</summary>
internal sealed class GuessFlood
{
    /// <summary>Guesses a second.</summary>
    public const int Pace = 3000;

    private const int Senders = 4;
    private readonly Uri _address;
    private readonly byte[][] _guesses;
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
        _guesses = [.. Enumerable.Range(0, addresses).Select(
            network => Encoding.ASCII.GetBytes(Guess(network, path, withKey ? $"x-api-key: {TestKeys.Unknown()}\r\n" : "")))];
    }

    public int Passed => Volatile.Read(ref _passed);

    public int Rejected => Volatile.Read(ref _rejected);

    public int Limited => Volatile.Read(ref _limited);

    public void Reset() => _rejected = _limited = _passed = 0;

    public Task RunAsync(int guesses)
    {
        var cancelled = TestContext.Current.CancellationToken;
        return Task.WhenAll(Enumerable.Range(0, Senders).Select(
            _ => Task.Factory.StartNew(() => Send(guesses / Senders, cancelled), cancelled, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    private static string Guess(int network, string path, string key) => string.Create(
        CultureInfo.InvariantCulture,
        $"GET {path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: {20 + (network >> 16)}.{(network >> 8) & 255}.{network & 255}.1\r\n{key}\r\n");

    private void Send(int guesses, CancellationToken cancelled)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
        socket.Connect(_address.Host, _address.Port);
        var buffer = new byte[16 * 1024];
        var start = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < guesses; sent++)
        {
            cancelled.ThrowIfCancellationRequested();
            socket.Send(_guesses[Interlocked.Increment(ref _next) % _guesses.Length]);
            Count(socket, buffer);
            if (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(sent * (double)Senders / Pace))
            {
                Thread.Sleep(1);
            }
        }
    }

    // Every body ends in the one closing brace that its JSON has: with it the answer is whole.
    private void Count(Socket socket, byte[] buffer)
    {
        var length = 0;
        while (!buffer.AsSpan(0, length).Contains((byte)'}'))
        {
            var received = socket.Receive(buffer.AsSpan(length));
            Assert.NotEqual(0, received);
            length += received;
        }

        Interlocked.Add(ref _rejected, buffer.AsSpan(0, length).Count("HTTP/1.1 403 "u8));
        Interlocked.Add(ref _passed, buffer.AsSpan(0, length).Count("HTTP/1.1 200 "u8));
        Interlocked.Add(ref _limited, buffer.AsSpan(0, length).Count("HTTP/1.1 429 "u8));
    }
}
