using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace SecureInference.IntegrationTests.Samples;

/// <summary>A connection on which a test writes every byte itself.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };
    private NetworkStream? _stream;

    private NetworkStream Stream => _stream ?? throw new InvalidOperationException("It is not connected.");

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var connection = new RawConnection();
        try
        {
            await connection._client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
            connection._stream = connection._client.GetStream();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public async Task SendAsync(string text) =>
        await Stream.WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);

    /// <summary>Waits until the server asks for the body of a request with "Expect: 100-continue".</summary>
    public async Task ReceiveContinueAsync() => Assert.StartsWith("HTTP/1.1 100 ", await ReadHeadAsync(), StringComparison.Ordinal);

    /// <summary>Reads one answer; its body must have a Content-Length.</summary>
    public async Task<(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)> ReceiveAsync()
    {
        var lines = (await ReadHeadAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(static line => line.Split(": ", 2))
            .GroupBy(static pair => pair[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(static group => group.Key, static group => string.Join(", ", group.Select(static pair => pair[1])), StringComparer.OrdinalIgnoreCase);
        var body = new byte[int.Parse(headers["Content-Length"], CultureInfo.InvariantCulture)];
        await Stream.ReadExactlyAsync(body, TestContext.Current.CancellationToken);
        return (int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, body);
    }

    public async Task<Refusal> ReceiveRefusalAsync()
    {
        var (status, headers, body) = await ReceiveAsync();
        return Refusal.Create(status, headers, body);
    }

    /// <summary>Says whether the other side has closed the connection and sent nothing more.</summary>
    public async Task<bool> IsClosedAsync()
    {
        try
        {
            return await Stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask().WaitAsync(Eventually.Deadline) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (head.Length < 4 || head.ToString(head.Length - 4, 4) != "\r\n\r\n")
        {
            await Stream.ReadExactlyAsync(one, TestContext.Current.CancellationToken);
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
