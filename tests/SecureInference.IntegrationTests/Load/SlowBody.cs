using System.Globalization;
using System.Text;
using SecureInference.IntegrationTests.Samples;

namespace SecureInference.IntegrationTests.Load;

/// <summary>An infer request whose body comes in two halves, with a test in between.</summary>
internal sealed class SlowBody : IDisposable
{
    /// <summary>Enough at once that the server's least data rate grants minutes for the rest.</summary>
    private const int Padding = 40_000;

    private readonly RawConnection _connection;
    private readonly string _rest;

    private SlowBody(RawConnection connection, string rest)
    {
        _connection = connection;
        _rest = rest;
    }

    public static async Task<SlowBody> BeginAsync(DigitsSample sample, WireTensor pixels, string id)
    {
        var json = InferBody.JsonText(id, pixels);
        var half = json.Length / 2;
        var connection = await RawConnection.OpenAsync(sample.Process.Address);
        await connection.SendAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"POST /v2/models/digits/infer HTTP/1.1\r\nHost: localhost\r\nx-api-key: {sample.Key}\r\nExpect: 100-continue\r\nContent-Length: {json.Length + Padding}\r\n\r\n"));

        // From here on the request is in flight: the guards have let it pass, and its body is being read.
        await connection.ReceiveContinueAsync();
        await connection.SendAsync(new string(' ', Padding) + json[..half]);
        return new SlowBody(connection, json[half..]);
    }

    public async Task<(int Status, string Body)> FinishAsync()
    {
        await _connection.SendAsync(_rest);
        var (status, _, body) = await _connection.ReceiveAsync();
        return (status, Encoding.UTF8.GetString(body));
    }

    public void Dispose() => _connection.Dispose();
}
