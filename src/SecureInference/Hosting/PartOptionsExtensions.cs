using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SecureInference.Hosting;

/// <summary>Hands each feature its own options.</summary>
internal static class PartOptionsExtensions
{
    /// <summary>Registers a part of the options, and stops the start where it has problems.</summary>
    public static void AddPart<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TPart>(
        this IServiceCollection services, Func<SecureInferenceOptions, TPart> part, Func<TPart, IEnumerable<string>> problems)
        where TPart : class
    {
        services.AddOptions<TPart>().ValidateOnStart();
        services.AddSingleton<IOptionsFactory<TPart>>(provider => new PartOptionsFactory<TPart>(
            provider.GetRequiredService<IOptions<SecureInferenceOptions>>(),
            part,
            provider.GetServices<IConfigureOptions<TPart>>(),
            provider.GetServices<IPostConfigureOptions<TPart>>(),
            provider.GetServices<IValidateOptions<TPart>>()));
        services.AddSingleton<IValidateOptions<TPart>>(new PartValidator<TPart>(problems));
    }
}
