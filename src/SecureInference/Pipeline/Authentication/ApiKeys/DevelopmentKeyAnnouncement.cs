using Microsoft.Extensions.Hosting;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>Tells whoever started the app its development key, on the terminal: logs never carry keys.</summary>
internal sealed class DevelopmentKeyAnnouncement(DevelopmentKey key, IHostApplicationLifetime lifetime) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Announce);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Announce()
    {
        if (key.Value is { } value)
        {
            Console.WriteLine($"No key store is configured. Key of this start, for development only:{Environment.NewLine}{Environment.NewLine}  {value}");
        }
    }
}
