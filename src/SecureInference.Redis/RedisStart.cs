using Microsoft.Extensions.Hosting;

namespace SecureInference.Redis;

/// <summary>Looks at start whether Redis is configured well, and begins to connect; an app starts without Redis too.</summary>
internal sealed class RedisStart(RedisSettings settings, RedisLink link, RedisTelemetry telemetry) : IStartCheck, IHostedService
{
    public Task CheckAsync(CancellationToken cancellationToken)
    {
        settings.Create();
        if (settings.Risks.HasFlag(RedisRisks.PasswordInConfiguration))
        {
            telemetry.PasswordInConfiguration(RedisSettings.PasswordVariable);
        }

        if (settings.Risks.HasFlag(RedisRisks.Unencrypted))
        {
            telemetry.Unencrypted();
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => link.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
