using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Arrival;

namespace SecureInference.Hosting;

/// <summary>Stops the start of an app that would not be safe.</summary>
internal sealed class StartCheck(IEnumerable<IStartCheck> checks, IConfiguration configuration, IOptions<ArrivalOptions> arrival) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // The platform's switch believes X-Forwarded-* from anybody: whoever sends it chooses his address and his scheme.
        if (ForwardedHeadersDefaults.AreEnabled(configuration) && arrival.Value.KnownProxies.Count == 0)
        {
            throw new InvalidOperationException(
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED trusts forwarded headers from every sender. List the proxies in SecureInference:Arrival:KnownProxies, or remove the switch.");
        }

        // Before the first request: a key store that is missing or wrong must stop the start.
        foreach (var check in checks)
        {
            await check.CheckAsync(cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
