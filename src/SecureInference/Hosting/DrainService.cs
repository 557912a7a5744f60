using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SecureInference.Hosting;

/// <summary>When the app stops: closes the door, and holds the server up until the requests in flight have been answered.</summary>
internal sealed class DrainService(
    DrainState drain, IHostApplicationLifetime lifetime, IOptions<SecureInferenceOptions> options, TimeProvider time) : IHostedLifecycleService
{
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
        try
        {
            await drain.DrainAsync().WaitAsync(options.Value.DrainTimeout, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // The server cuts off what is left, as it does in any app.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
