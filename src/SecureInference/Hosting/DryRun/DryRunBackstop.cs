using Microsoft.Extensions.Hosting;

namespace SecureInference.Hosting.DryRun;

/// <summary>Stops a start that was to be a check, and whose check did not come to run.</summary>
internal sealed class DryRunBackstop : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => throw new InvalidOperationException(
        "--check-config did not come to run, because another IHostLifetime was added after AddSecureInference(). Call AddSecureInference() after UseSystemd() or UseWindowsService().");

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
