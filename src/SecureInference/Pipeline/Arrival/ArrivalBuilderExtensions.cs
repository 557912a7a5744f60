using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecureInference;
using SecureInference.Pipeline.Arrival;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Tunes the first guard.</summary>
public static class ArrivalBuilderExtensions
{
    /// <summary>Changes which roads a request may come by.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options; it runs after configuration was read.</param>
    /// <returns>The builder.</returns>
    public static ISecureInferenceBuilder AddArrival(this ISecureInferenceBuilder builder, Action<ArrivalOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<ArrivalTelemetry>();
        builder.Services.TryAddSingleton<RequestTelemetry>();
        builder.Services.TryAddSingleton<IKnownProxies, ProxyConnections>();
        builder.Services.TryAddSingleton<StrangerConnections>();
        builder.Services.TryAddSingleton<IForwardedClients>(static services => new ProxyForwarding(
            new KnownProxies(services.GetRequiredService<IOptions<ArrivalOptions>>().Value.KnownProxies), services.GetRequiredService<ILoggerFactory>()));
        if (configure is not null)
        {
            builder.Services.PostConfigure(configure);
        }

        return builder;
    }
}
