using Microsoft.Extensions.DependencyInjection.Extensions;
using SecureInference;
using SecureInference.Pipeline.Authorization;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Switches authorization on; it has no dials: endpoints declare what they demand, and credentials carry scopes.</summary>
internal static class AuthorizationBuilderExtensions
{
    public static ISecureInferenceBuilder AddAuthorizationGuard(this ISecureInferenceBuilder builder)
    {
        builder.Services.TryAddSingleton<AuthorizationTelemetry>();
        return builder;
    }
}
