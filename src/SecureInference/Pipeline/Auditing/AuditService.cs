using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SecureInference.Pipeline.Auditing;

/// <summary>Starts the log before the first request, and ends it after the last.</summary>
internal sealed class AuditService(IServiceProvider services) : IHostedService
{
    private AuditLog? _log;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _log = services.GetRequiredService<AuditLog>();
        _log.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _log?.StopAsync(cancellationToken) ?? Task.CompletedTask;
}
