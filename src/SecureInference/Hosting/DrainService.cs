using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SecureInference.Hosting;

/// <summary>When the app stops: closes the door, and holds the server up until the requests in flight have been answered.</summary>
internal sealed class DrainService(
    DrainState drain, IHostApplicationLifetime lifetime, IOptions<DrainOptions> options, TimeProvider time, IServer? server = null)
    : IHostedLifecycleService
{
    private static readonly TimeSpan LastRecordTime = TimeSpan.FromSeconds(5);

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // A signal reaches the lifetime first; an app that is stopped in code comes to StoppingAsync first.
        lifetime.ApplicationStopping.UnsafeRegister(static drain => _ = (drain as DrainState)?.DrainAsync(), drain);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Before any service stops, and so while connections still live: new requests on them are told 503.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var idle = drain.DrainAsync();
        try
        {
            await idle.WaitAsync(options.Value.Timeout, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            await CutOffAsync(idle);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Left to itself, the server waits for a body that never comes until the host loses its patience with everybody.
    private async Task CutOffAsync(Task idle)
    {
        if (server is not null)
        {
            await server.StopAsync(new CancellationToken(canceled: true));

            // What was cut off is on record too, before the audit log ends.
            await idle.WaitAsync(LastRecordTime, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
