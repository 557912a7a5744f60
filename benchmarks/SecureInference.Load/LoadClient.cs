using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace SecureInference.Load;

/// <summary>Connections that each send the same request again as soon as it is answered, all on one thread.</summary>
internal sealed class LoadClient : IDisposable
{
    private readonly byte[] _request;
    private readonly Connection[] _connections;
    private readonly Poll.Slot[] _slots;
    private readonly List<long> _latencies = new(1 << 18);

    /// <param name="server">The server's address and its callers' keys, divided by blanks.</param>
    /// <param name="inputs">The columns of the one row that is sent.</param>
    /// <param name="connections">How many connections there are.</param>
    /// <param name="caller">Whose key is sent.</param>
    public LoadClient(string server, int inputs, int connections, int caller = 0)
        : this(new Uri(server.Split(' ')[0]), CreateRequest(server.Split(' ')[1 + caller], inputs), connections)
    {
    }

    /// <param name="address">The server's address.</param>
    /// <param name="request">What is sent, again and again.</param>
    /// <param name="connections">How many connections there are.</param>
    public LoadClient(Uri address, byte[] request, int connections)
    {
        _request = request;
        _connections = [.. Enumerable.Range(0, connections).Select(_ => new Connection(new IPEndPoint(IPAddress.Parse(address.Host), address.Port)))];
        _slots = [.. _connections.Select(static connection => Poll.For(connection.Handle))];
    }

    /// <summary>Keeps every connection busy for some time, and then waits for the answers that are still to come.</summary>
    public ClientSlice Run(TimeSpan time, CancellationToken cancellationToken)
    {
        _latencies.Clear();
        var (answers, failed, open) = (0, 0, _connections.Length);
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(time.TotalSeconds * Stopwatch.Frequency);
        Array.ForEach(_connections, connection => connection.Send(_request, Stopwatch.GetTimestamp()));
        while (open > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Poll.Wait(_slots);
            for (var index = 0; index < _slots.Length; index++)
            {
                if (_slots[index].Seen == 0 || _connections[index].Receive() is not { } isGood)
                {
                    continue;
                }

                var now = Stopwatch.GetTimestamp();
                answers++;
                failed += isGood ? 0 : 1;
                if (now < end)
                {
                    _latencies.Add(now - _connections[index].Sent);
                    _connections[index].Send(_request, now);
                }
                else
                {
                    open--;
                }
            }
        }

        _latencies.Sort();
        return new ClientSlice(answers, failed, _latencies.Count / time.TotalSeconds, Percentile(0.5), Percentile(0.99));
    }

    public void Dispose() => Array.ForEach(_connections, static connection => connection.Dispose());

    private double Percentile(double share) =>
        _latencies.Count == 0 ? double.NaN : _latencies[(int)(_latencies.Count * share)] * 1e6 / Stopwatch.Frequency;

    private static byte[] CreateRequest(string key, int inputs)
    {
        var values = new float[inputs];
        for (var index = 0; index < inputs; index++)
        {
            values[index] = MathF.Sin(index);
        }

        var row = MemoryMarshal.AsBytes<float>(values);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"parameters":{"binary_data_output":true},"inputs":[{"name":"x","shape":[1,{{{inputs}}}],"datatype":"FP32","parameters":{"binary_data_size":{{{row.Length}}}}}]}""");
        var headers = string.Create(
            CultureInfo.InvariantCulture,
            $"POST /v2/models/{Server.Model}/infer HTTP/1.1\r\nHost: localhost\r\nx-api-key: {key}\r\nContent-Type: application/octet-stream\r\nInference-Header-Content-Length: {head.Length}\r\nContent-Length: {head.Length + row.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(headers + head), .. row];
    }
}
