using System.Globalization;

namespace SecureInference.Load.Peers;

/// <summary>A server under measurement.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Child _child;
    private readonly PeerSetup _setup;
    private readonly Uri _address;
    private readonly string _key;

    private Peer(Child child, PeerSetup setup)
    {
        _child = child;
        _setup = setup;
        (_address, _key) = (new Uri(child.Greeting.Split(' ')[0]), child.Greeting.Split(' ')[1]);
    }

    public bool SpeaksBinary => _setup.SpeaksBinary;

    /// <returns>The server, or <see langword="null"/> where this version does not know one of its settings.</returns>
    public static Peer? TryStart(PeerSetup setup, string folder)
    {
        try
        {
            return new Peer(new Child("peer", setup.Name, folder), setup);
        }
        catch (InvalidOperationException)
        {
            Console.Error.WriteLine($"'{setup.Name}' does not start, and is left out; what it says stands above.");
            return null;
        }
    }

    public PeerRow Run(string form, int connections, int round, TimeSpan time, CancellationToken cancellationToken)
    {
        var request = form == PeerResults.Json ? PeerRequests.Json(_key) : PeerRequests.Binary(_key);
        using var client = new LoadClient(_address, request, connections);
        var (processor, bytes) = Count();
        var seen = client.Run(time, cancellationToken);
        var (processorAfter, bytesAfter) = Count();
        return new PeerRow(
            _setup.Name,
            form,
            connections,
            round,
            seen.Answers,
            seen.Failed,
            Math.Round((processorAfter - processor) / seen.Answers, 2),
            Math.Round((bytesAfter - bytes) / seen.Answers, 1),
            Math.Round(seen.RowsPerSecond),
            Math.Round(double.IsNaN(seen.Median) ? 0 : seen.Median),
            Math.Round(double.IsNaN(seen.Percentile99) ? 0 : seen.Percentile99));
    }

    public void Dispose() => _child.Dispose();

    private (double Processor, double Bytes) Count()
    {
        var used = _child.Ask("used").Split(' ');
        return (double.Parse(used[0], CultureInfo.InvariantCulture), double.Parse(used[1], CultureInfo.InvariantCulture));
    }
}
