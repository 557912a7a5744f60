using System.Globalization;

namespace SecureInference.Load;

/// <summary>A server, and the connections that load it.</summary>
internal sealed class LoadedServer : IDisposable
{
    private readonly Child _child;
    private readonly Net _net;

    public LoadedServer(string model, string folder, Net net, params IEnumerable<string> maxBatchSize)
    {
        Directory.CreateDirectory(folder);
        _child = new Child(["serve", model, folder, .. maxBatchSize]);
        _net = net;
    }

    public TimeSpan ProcessorTime => _child.ProcessorTime;

    public Slice Run(int connections, TimeSpan time, CancellationToken cancellationToken)
    {
        // Not kept from round to round: a server closes what is idle.
        using var client = new LoadClient(_child.Greeting, _net.Inputs, connections);
        var (busy, runs, rows) = Count();
        var own = Environment.CpuUsage.TotalTime;
        var seen = client.Run(time, cancellationToken);
        own = Environment.CpuUsage.TotalTime - own;
        var (busyAfter, runsAfter, rowsAfter) = Count();

        // A request that no lane counted ran on its own thread, alone.
        var alone = seen.Answers - (rowsAfter - rows);
        return new Slice(seen, (busyAfter - busy).TotalMicroseconds / seen.Answers, own.TotalMicroseconds / seen.Answers, (double)seen.Answers / (runsAfter - runs + alone));
    }

    public void Dispose() => _child.Dispose();

    private (TimeSpan Busy, long Runs, long Rows) Count()
    {
        var counted = _child.Ask("rows").Split(' ');
        return (_child.ProcessorTime, long.Parse(counted[0], CultureInfo.InvariantCulture), long.Parse(counted[1], CultureInfo.InvariantCulture));
    }
}
