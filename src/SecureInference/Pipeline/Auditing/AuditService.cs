using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SecureInference.Pipeline.Auditing;

/// <summary>Starts the log before the first request, and ends it after the last.</summary>
internal sealed class AuditService(IServiceProvider services) : IHostedService
{
    private static readonly TimeSpan LastWriteTime = TimeSpan.FromSeconds(5);
    private static readonly string? Version = typeof(AuditService).Assembly.GetName().Version?.ToString(3);

    private AuditLog? _log;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _log = services.GetRequiredService<AuditLog>();
        Note(AuditRecordKind.Start);
        _log.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_log is not null)
        {
            Note(AuditRecordKind.Stop);

            // Not the host's patience: it may be spent, and then the last records matter most. A cancelled wait would end the process as a crash.
            await _log.StopAsync(CancellationToken.None)
                .WaitAsync(LastWriteTime, services.GetRequiredService<TimeProvider>(), CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Note(AuditRecordKind kind) => _log?.Note(new AuditRecord
    {
        Kind = kind,
        Time = services.GetRequiredService<TimeProvider>().GetUtcNow(),
        Detail = $"SecureInference {Version}",
    });
}
