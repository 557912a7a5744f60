using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Arrival;
using SecureInference.Pipeline.Authentication.ClientCertificates;

namespace SecureInference.Hosting;

/// <summary>Stops the start of an app that awaits certificates from proxies, and lists none.</summary>
internal sealed class ForwardedCertificateCheck(IOptions<ClientCertificateOptions> certificates, IOptions<ArrivalOptions> arrival) : IStartCheck
{
    public Task CheckAsync(CancellationToken cancellationToken) =>
        certificates.Value.ForwardedHeader is { } header && arrival.Value.KnownProxies.Count == 0
            ? throw new InvalidOperationException(
                $"SecureInference:ClientCertificates:ForwardedHeader is '{header}', and no proxy is listed that may send it. List the proxies in SecureInference:Arrival:KnownProxies, for example 10.0.0.7, or remove ForwardedHeader.")
            : Task.CompletedTask;
}
