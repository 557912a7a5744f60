using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using SecureInference.Hosting;
using SecureInference.Pipeline.Arrival;
using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Hosting;

public sealed class StrangerListenerTests
{
    private readonly StrangerConnections _strangers = new(Options.Create(new ArrivalOptions
    {
        Connections = { MaxUnauthenticatedConnections = 10, MaxUnauthenticatedConnectionsPerNetwork = 2 },
    }));

    [Fact]
    public async Task Accept_NetworkIsFull_ClosesItsConnectionsAndGoesOnToTheNext()
    {
        var connections = Connections("203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4", "198.51.100.1");
        var sut = CreateSut(connections);

        Assert.Same(connections[0], await sut.AcceptAsync(TestContext.Current.CancellationToken));
        Assert.Same(connections[1], await sut.AcceptAsync(TestContext.Current.CancellationToken));
        Assert.Same(connections[4], await sut.AcceptAsync(TestContext.Current.CancellationToken));
        Assert.Null(await sut.AcceptAsync(TestContext.Current.CancellationToken));

        Assert.Equal([false, false, true, true, false], connections.Select(static connection => connection.IsAborted));
        Assert.Equal([false, false, true, true, false], connections.Select(static connection => connection.IsDisposed));
        Assert.Equal(3, _strangers.Count);
    }

    [Fact]
    public async Task Accept_ConnectionEnds_GivesItsPlaceBackOnce()
    {
        var connections = Connections("203.0.113.1", "203.0.113.2", "203.0.113.3");
        var sut = CreateSut(connections);
        var first = await sut.AcceptAsync(TestContext.Current.CancellationToken);
        await sut.AcceptAsync(TestContext.Current.CancellationToken);

        first!.Features.Get<StrangerConnection>()!.Release();
        await connections[0].Closing.CancelAsync();

        Assert.Equal(1, _strangers.Count);
        Assert.Same(connections[2], await sut.AcceptAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Accept_ConnectionWithoutAddress_IsTaken()
    {
        var connections = Connections(null, null, null);
        var sut = CreateSut(connections);

        foreach (var connection in connections)
        {
            Assert.Same(connection, await sut.AcceptAsync(TestContext.Current.CancellationToken));
        }
    }

    private static Connection[] Connections(params string?[] addresses) => [.. addresses.Select(static address => new Connection(address))];

    private StrangerListener CreateSut(IEnumerable<ConnectionContext> connections) => new(new Listener(connections), _strangers, Some.Part<ArrivalTelemetry>());

    private sealed class Connection : DefaultConnectionContext
    {
        public Connection(string? address)
        {
            RemoteEndPoint = address is null ? null : new IPEndPoint(IPAddress.Parse(address), 4711);
            ConnectionClosed = Closing.Token;
        }

        public CancellationTokenSource Closing { get; } = new();

        public bool IsAborted { get; private set; }

        public bool IsDisposed { get; private set; }

        public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;

        public override ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return base.DisposeAsync();
        }
    }

    private sealed class Listener(IEnumerable<ConnectionContext> connections) : IConnectionListener
    {
        private readonly Queue<ConnectionContext> _waiting = new(connections);

        public EndPoint EndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 0);

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(_waiting.TryDequeue(out var connection) ? connection : null);

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
