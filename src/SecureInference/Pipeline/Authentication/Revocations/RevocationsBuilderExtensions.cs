using Microsoft.Extensions.DependencyInjection.Extensions;
using SecureInference;
using SecureInference.Pipeline.Authentication.Revocations;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Switches the revocation list on.</summary>
public static class RevocationsBuilderExtensions
{
    /// <summary>Changes where revoked tokens and certificates are listed.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options; it runs after configuration was read.</param>
    /// <returns>The builder.</returns>
    public static ISecureInferenceBuilder AddRevocations(this ISecureInferenceBuilder builder, Action<RevocationOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<RevocationStore>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartCheck, RevocationStore>(static services => services.GetRequiredService<RevocationStore>()));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IReadinessCheck, RevocationStore>(static services => services.GetRequiredService<RevocationStore>()));
        if (configure is not null)
        {
            builder.Services.PostConfigure(configure);
        }

        return builder;
    }
}
