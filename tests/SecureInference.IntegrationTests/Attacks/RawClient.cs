using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace SecureInference.IntegrationTests.Attacks;

/// <summary>Sends bytes as they are, and reads what comes back: what no client library would send.</summary>
internal sealed partial class RawClient : IDisposable
{
    private readonly Socket _socket;

    private RawClient(Socket socket) => _socket = socket;

    public static async Task<RawClient> ConnectAsync(Uri address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
        return new RawClient(socket);
    }

    /// <summary>Sends one text on a connection of its own.</summary>
    /// <returns>All that comes until the server closes the connection.</returns>
    public static async Task<string> ExchangeAsync(Uri address, string text, CancellationToken cancellationToken)
    {
        using var client = await ConnectAsync(address, cancellationToken);
        await client.SendAsync(text, cancellationToken);
        return await client.ReadToEndAsync(cancellationToken);
    }

    /// <summary>Returns the status of each answer in a text, in order.</summary>
    public static int[] Statuses(string answers) => [.. StatusLine().Matches(answers).Select(static match => int.Parse(match.Groups[1].ValueSpan))];

    public Task SendAsync(string text, CancellationToken cancellationToken) => SendAsync(Encoding.Latin1.GetBytes(text), cancellationToken);

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await _socket.SendAsync(bytes, cancellationToken)..];
            }
        }
        catch (SocketException)
        {
            // The server had enough before it was all sent; what it answered can still be read.
        }
    }

    /// <summary>Reads until the server closes the connection; one that stays open for a minute fails the test.</summary>
    public async Task<string> ReadToEndAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(EchoApp.Deadline);
        var text = new StringBuilder();
        while (await ReceiveAsync(deadline.Token) is { Length: > 0 } part)
        {
            text.Append(part);
        }

        return text.ToString();
    }

    /// <summary>Reads until the text holds a number of answers.</summary>
    public async Task<string> ReadAnswersAsync(int count, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(EchoApp.Deadline);
        var text = new StringBuilder();
        while (Statuses(text.ToString()).Length < count && await ReceiveAsync(deadline.Token) is { Length: > 0 } part)
        {
            text.Append(part);
        }

        return text.ToString();
    }

    /// <summary>Ends what is sent, and leaves open what is received.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => _socket.Dispose();

    private async Task<string> ReceiveAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            return Encoding.Latin1.GetString(buffer, 0, await _socket.ReceiveAsync(buffer, cancellationToken));
        }
        catch (SocketException)
        {
            // Reset: closed, and more had been sent than the server wanted to read.
            return "";
        }
    }

    [GeneratedRegex(@"HTTP/1\.[01] (\d{3}) ")]
    private static partial Regex StatusLine();
}
