using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SecureInference.Pipeline.Authentication;

namespace SecureInference.Hosting;

/// <summary>Stops the start of an app that would not be safe.</summary>
internal sealed class StartCheck(IServiceProvider services, IConfiguration configuration) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // The platform's switch believes X-Forwarded-* from anybody: whoever sends it chooses his address and his scheme.
        if (string.Equals(configuration["FORWARDEDHEADERS_ENABLED"], "true", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException(
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED trusts forwarded headers from every sender. Remove it, and call app.UseForwardedHeaders() with the proxies listed in ForwardedHeadersOptions.KnownProxies.");
        }

        // Read now: a key store that is missing or wrong must stop the start, not the first request.
        _ = services.GetRequiredService<ApiKeyStore>();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
