using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.Auditing;

/// <summary>Reads the audit log's keys before the log is opened: a check before the start opens none.</summary>
internal sealed class AuditKeyCheck(IOptions<AuditOptions> options, IHostEnvironment environment) : IStartCheck
{
    public Task CheckAsync(CancellationToken cancellationToken)
    {
        AuditKeys.Find(options.Value, environment.ContentRootPath)?.Dispose();
        if (options.Value.Payloads == AuditPayloads.Stored)
        {
            AuditKeys.FindPayloadKey(options.Value, environment.ContentRootPath);
        }

        return Task.CompletedTask;
    }
}
