using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SecureInference;
using SecureInference.Protocol;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Tunes the protocol.</summary>
public static class ProtocolBuilderExtensions
{
    /// <summary>Changes how the Open Inference Protocol is spoken.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options; it runs after configuration was read.</param>
    /// <returns>The builder.</returns>
    public static ISecureInferenceBuilder AddProtocol(this ISecureInferenceBuilder builder, Action<ProtocolOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<HealthEndpoints>();
        builder.Services.TryAddSingleton<MetadataEndpoints>();
        builder.Services.TryAddSingleton<InferEndpoint>();
        builder.Services.TryAddSingleton<ProtocolTelemetry>();
        builder.Services.TryAddSingleton<BytesInFlight>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, KnownPathPolicy>());
        if (configure is not null)
        {
            builder.Services.PostConfigure(configure);
        }

        return builder;
    }
}
