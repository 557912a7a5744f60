using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Arrival;

namespace SecureInference.Hosting;

/// <summary>Makes the platform's switch for forwarded headers believe the proxies that are listed; by itself it believes everybody.</summary>
internal sealed class ForwardedHeadersDefaults(IConfiguration configuration, IOptions<ArrivalOptions> arrival) : IPostConfigureOptions<ForwardedHeadersOptions>
{
    /// <summary>Returns whether <c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c> is on.</summary>
    public static bool AreEnabled(IConfiguration configuration) =>
        string.Equals(configuration["FORWARDEDHEADERS_ENABLED"], "true", StringComparison.OrdinalIgnoreCase);

    public void PostConfigure(string? name, ForwardedHeadersOptions options)
    {
        // An app that configures and places the platform's middleware itself is left alone.
        if (AreEnabled(configuration))
        {
            new KnownProxies(arrival.Value.KnownProxies).Configure(options);
        }
    }
}
