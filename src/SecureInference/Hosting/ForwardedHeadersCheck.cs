using Microsoft.Extensions.Configuration;

namespace SecureInference.Hosting;

/// <summary>Refuses the platform's switch for forwarded headers.</summary>
internal sealed class ForwardedHeadersCheck(IConfiguration configuration) : IStartCheck
{
    // The switch believes X-Forwarded-* from anybody: whoever sends it chooses his address and his scheme.
    public Task CheckAsync(CancellationToken cancellationToken) =>
        string.Equals(configuration["FORWARDEDHEADERS_ENABLED"], "true", StringComparison.OrdinalIgnoreCase)
            ? throw new InvalidOperationException(
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED trusts forwarded headers from every sender. Remove it, and call app.UseForwardedHeaders() with the proxies listed in ForwardedHeadersOptions.KnownProxies.")
            : Task.CompletedTask;
}
