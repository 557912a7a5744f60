using System.Globalization;

namespace SecureInference.Load;

/// <summary>A server, and the connections that load it.</summary>
internal sealed class LoadedServer : IDisposable
{
    private readonly Child _child;
    private readonly Dictionary<int, LoadClient> _clients;

    public LoadedServer(string model, string folder, Net net, IEnumerable<int> connections, params IEnumerable<string> maxBatchSize)
    {
        Directory.CreateDirectory(folder);
        _child = new Child(["serve", model, folder, .. maxBatchSize]);
        _clients = connections.ToDictionary(static count => count, count => new LoadClient(_child.Greeting, net.Inputs, count));
    }

    public TimeSpan ProcessorTime => _child.ProcessorTime;

    public Slice Run(int connections, TimeSpan time, CancellationToken cancellationToken)
    {
        var (busy, runs, rows) = Count();
        var own = Environment.CpuUsage.TotalTime;
        var client = _clients[connections].Run(time, cancellationToken);
        own = Environment.CpuUsage.TotalTime - own;
        var (busyAfter, runsAfter, rowsAfter) = Count();

        // A request that no lane counted ran on its own thread, alone.
        var alone = client.Answers - (rowsAfter - rows);
        return new Slice(client, (busyAfter - busy).TotalMicroseconds / client.Answers, own.TotalMicroseconds / client.Answers, (double)client.Answers / (runsAfter - runs + alone));
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }

        _child.Dispose();
    }

    private (TimeSpan Busy, long Runs, long Rows) Count()
    {
        var counted = _child.Ask("rows").Split(' ');
        return (_child.ProcessorTime, long.Parse(counted[0], CultureInfo.InvariantCulture), long.Parse(counted[1], CultureInfo.InvariantCulture));
    }
}
