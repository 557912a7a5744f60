using System.Net;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.Arrival;

/// <summary>Counts the connections on which nobody is known yet, before TLS costs anything: in all, and by network in a table of fixed size.</summary>
internal sealed class StrangerConnections
{
    private readonly NetworkTable _networks = new();
    private readonly KnownProxies _proxies;
    private readonly int _most;
    private readonly int _mostPerNetwork;

    // One delegate for all: a connection costs its place and nothing else.
    private readonly Action<ClientNetwork> _leave;
    private readonly Action<ClientNetwork> _leaveNetwork;
    private long _count;

    public StrangerConnections(IOptions<ArrivalOptions> options)
    {
        _proxies = new KnownProxies(options.Value.KnownProxies);
        _most = options.Value.Connections.MaxUnauthenticatedConnections;
        _mostPerNetwork = options.Value.Connections.MaxUnauthenticatedConnectionsPerNetwork;
        _leave = Leave;
        _leaveNetwork = LeaveNetwork;
    }

    public long Count => Volatile.Read(ref _count);

    /// <summary>Takes a place for a connection.</summary>
    /// <param name="address">Who connects; nobody's address counts as loopback.</param>
    /// <param name="place">The place, to be given back once.</param>
    /// <returns>The limit that is reached, where there is no place left.</returns>
    public string? TryEnter(IPAddress? address, out StrangerConnection? place)
    {
        place = null;
        var network = ClientNetwork.Of(address);

        // Everybody comes from a proxy's address, and from loopback what runs on the same machine.
        var isCounted = !network.IsLoopback && address is not null && !_proxies.Contains(address);
        if (isCounted && Interlocked.Increment(ref _networks.Find(network)) > _mostPerNetwork)
        {
            Interlocked.Decrement(ref _networks.Find(network));
            return "network";
        }

        place = new StrangerConnection(isCounted ? _leaveNetwork : _leave, network);
        if (Interlocked.Increment(ref _count) > _most)
        {
            place.Release();
            place = null;
            return "total";
        }

        return null;
    }

    private void Leave(ClientNetwork network) => Interlocked.Decrement(ref _count);

    private void LeaveNetwork(ClientNetwork network)
    {
        Leave(network);
        Interlocked.Decrement(ref _networks.Find(network));
    }
}
