using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Arrival;

namespace SecureInference.Hosting;

/// <summary>Refuses the platform's switch for forwarded headers where no proxies are listed.</summary>
internal sealed class ForwardedHeadersCheck(IConfiguration configuration, IOptions<ArrivalOptions> arrival) : IStartCheck
{
    // The switch believes X-Forwarded-* from anybody: whoever sends it chooses his address and his scheme.
    public Task CheckAsync(CancellationToken cancellationToken) =>
        ForwardedHeadersDefaults.AreEnabled(configuration) && arrival.Value.KnownProxies.Count == 0
            ? throw new InvalidOperationException(
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED trusts forwarded headers from every sender. List the proxies in SecureInference:Arrival:KnownProxies, or remove the switch.")
            : Task.CompletedTask;
}
