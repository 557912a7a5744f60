using Microsoft.Extensions.DependencyInjection.Extensions;
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
        return builder.AddApiKeys().AddJwtBearer();
    }
}
