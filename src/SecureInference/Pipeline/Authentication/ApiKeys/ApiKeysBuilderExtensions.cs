using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using SecureInference;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Tunes how callers are recognised.</summary>
public static class ApiKeysBuilderExtensions
{
    /// <summary>Changes where API keys are found and sent.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options; it runs after configuration was read.</param>
    /// <returns>The builder.</returns>
    public static ISecureInferenceBuilder AddApiKeys(this ISecureInferenceBuilder builder, Action<ApiKeyOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<CallerStates>();
        builder.Services.TryAddSingleton(new DevelopmentKey());
        builder.Services.TryAddSingleton<ApiKeyPepperSource>();
        builder.Services.TryAddSingleton(static services => new ApiKeyIssuer(() => services.GetRequiredService<ApiKeyPepperSource>().Current));
        builder.Services.TryAddSingleton<ApiKeyLastUses>();
        builder.Services.TryAddSingleton<ApiKeyStore>();
        builder.Services.TryAddSingleton<ApiKeyReader>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartCheck, ApiKeyStore>(static services => services.GetRequiredService<ApiKeyStore>()));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IReadinessCheck, ApiKeyStore>(static services => services.GetRequiredService<ApiKeyStore>()));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DevelopmentKeyAnnouncement>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ApiKeyLastUseKeeper>());
        if (configure is not null)
        {
            builder.Services.PostConfigure(configure);
        }

        return builder;
    }

    /// <summary>Takes keys from a store of the team's own, in place of the file.</summary>
    /// <typeparam name="TStore">The store; one is made for the whole app.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static ISecureInferenceBuilder AddApiKeyStore<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TStore>(this ISecureInferenceBuilder builder)
        where TStore : class, IApiKeyStore
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IApiKeyStore, TStore>();
        return builder;
    }
}
