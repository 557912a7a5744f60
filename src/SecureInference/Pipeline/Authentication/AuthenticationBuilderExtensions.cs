using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SecureInference;
using SecureInference.Pipeline.Authentication;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Switches authentication on; each kind of credential has an extension of its own.</summary>
internal static class AuthenticationBuilderExtensions
{
    public static ISecureInferenceBuilder AddAuthenticationGuard(this ISecureInferenceBuilder builder)
    {
        builder.Services.TryAddSingleton<AuthenticationTelemetry>();
        builder.Services.TryAddSingleton<CredentialReader>();

        // The core alone: data protection, which comes with the rest, would write keys into the home folder of every app.
        builder.Services.AddAuthenticationCore(static options =>
            options.AddScheme<CallerAuthenticationHandler>(SecureInferenceDefaults.AuthenticationScheme, displayName: null));
        builder.Services.TryAddTransient<CallerAuthenticationHandler>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<AuthenticationOptions>, DefaultSchemeChoice>());
        return builder.AddApiKeys().AddClientCertificates().AddJwtBearer();
    }
}
