using System.Net;
using Microsoft.AspNetCore.Connections;
using SecureInference.Pipeline.Arrival;

namespace SecureInference.Hosting;

/// <summary>Closes a new connection at once where too many are open on which nobody is known yet.</summary>
internal sealed class StrangerListener(IConnectionListener inner, StrangerConnections strangers, ArrivalTelemetry telemetry) : IConnectionListener
{
    public EndPoint EndPoint => inner.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await inner.AcceptAsync(cancellationToken) is { } connection)
        {
            var limit = strangers.TryEnter((connection.RemoteEndPoint as IPEndPoint)?.Address, out var place);
            if (place is not null)
            {
                connection.Features.Set(place);
                connection.ConnectionClosed.UnsafeRegister(static place => (place as StrangerConnection)?.Release(), place);
                return connection;
            }

            telemetry.ConnectionRefused(limit);

            // Not awaited: one that is slow to go must not keep the next one waiting.
            _ = DiscardAsync(connection);
        }

        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => inner.UnbindAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private static async Task DiscardAsync(ConnectionContext connection)
    {
        connection.Abort(new ConnectionAbortedException("Too many connections are open on which no caller is known."));
        await connection.DisposeAsync();
    }
}
