using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace SecureInference.Hosting;

/// <summary>Stops the start of an app that would not be safe.</summary>
internal sealed class StartCheck(IEnumerable<IStartCheck> checks, IConfiguration configuration) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // The platform's switch believes X-Forwarded-* from anybody: whoever sends it chooses his address and his scheme.
        if (string.Equals(configuration["FORWARDEDHEADERS_ENABLED"], "true", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException(
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED trusts forwarded headers from every sender. Remove it, and call app.UseForwardedHeaders() with the proxies listed in ForwardedHeadersOptions.KnownProxies.");
        }

        // Before the first request: a key store that is missing or wrong must stop the start.
        foreach (var check in checks)
        {
            await check.CheckAsync(cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
