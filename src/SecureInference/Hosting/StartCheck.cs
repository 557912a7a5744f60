using Microsoft.Extensions.Hosting;

namespace SecureInference.Hosting;

/// <summary>Stops the start of an app that would not be safe.</summary>
internal sealed class StartCheck(IEnumerable<IStartCheck> checks) : IHostedService
{
    // Before the first request: a key store that is missing or wrong must stop the start.
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var check in checks)
        {
            await check.CheckAsync(cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
