using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using SecureInference;
using SecureInference.Models.Protection;
using SecureInference.Models.Protection.Encryption;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Tunes how encrypted models are opened.</summary>
public static class ModelEncryptionBuilderExtensions
{
    /// <summary>Asks a key service of the team's own for the keys of models that were encrypted for it.</summary>
    /// <typeparam name="TUnwrapper">The service; one is made for the whole app.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static ISecureInferenceBuilder AddKeyUnwrapper<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TUnwrapper>(this ISecureInferenceBuilder builder)
        where TUnwrapper : class, IKeyUnwrapper
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IKeyUnwrapper, TUnwrapper>());
        return builder;
    }

    internal static ISecureInferenceBuilder AddModelEncryption(this ISecureInferenceBuilder builder)
    {
        builder.Services.TryAddSingleton(provider => new SettingsSecrets(builder.Configuration, provider.GetService<IConfiguration>()));
        builder.Services.TryAddSingleton(static provider => new IdentitySources(
            provider.GetService<IHostEnvironment>()?.ContentRootPath ?? AppContext.BaseDirectory, Environment.GetEnvironmentVariable, provider.GetRequiredService<SettingsSecrets>()));
        builder.Services.TryAddSingleton<IModelDecryption, ModelDecryption>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartCheck, SettingsSecrets>(static provider => provider.GetRequiredService<SettingsSecrets>()));
        return builder;
    }
}
