using Microsoft.Extensions.DependencyInjection.Extensions;
using SecureInference;
using SecureInference.Pipeline.Authentication;
using SecureInference.Pipeline.Authentication.ClientCertificates;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Tunes which client certificates are accepted.</summary>
public static class ClientCertificatesBuilderExtensions
{
    /// <summary>Changes which client certificates are accepted; clients are asked for them once <see cref="ClientCertificateOptions.TrustBundle"/> is set.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options; it runs after configuration was read.</param>
    /// <returns>The builder.</returns>
    public static ISecureInferenceBuilder AddClientCertificates(this ISecureInferenceBuilder builder, Action<ClientCertificateOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddRevocations();
        builder.Services.TryAddSingleton<CallerStates>();
        builder.Services.TryAddSingleton<ClientTrustStore>();
        builder.Services.TryAddSingleton<CertificateJudge>();
        builder.Services.TryAddSingleton<SentCertificates>();
        builder.Services.TryAddSingleton<IClientCertificates, ClientCertificateReader>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHttpsDefaults, ClientCertificateHttps>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartCheck, ClientTrustStore>(static services => services.GetRequiredService<ClientTrustStore>()));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IOtherCredentials, ClientTrustStore>(static services => services.GetRequiredService<ClientTrustStore>()));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IReadinessCheck, ClientTrustStore>(static services => services.GetRequiredService<ClientTrustStore>()));
        if (configure is not null)
        {
            builder.Services.PostConfigure(configure);
        }

        return builder;
    }
}
