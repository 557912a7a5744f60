using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using SecureInference;
using SecureInference.Models;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Switches the catalog on.</summary>
internal static class ModelsBuilderExtensions
{
    public static ISecureInferenceBuilder AddModelCatalog(this ISecureInferenceBuilder builder)
    {
        builder.Services.TryAddSingleton<ModelsTelemetry>();
        builder.AddModelEncryption();
        builder.Services.TryAddSingleton<IModelReader, ModelReader>();
        builder.Services.TryAddSingleton<ModelCatalog>();
        builder.Services.TryAddSingleton<IModelCatalog>(static services => services.GetRequiredService<ModelCatalog>());
        builder.Services.AddSingleton<IReadinessCheck>(static services => services.GetRequiredService<ModelCatalog>());
        builder.Services.AddSingleton<IHostedService>(static services => services.GetRequiredService<ModelCatalog>());

        // An app's own endpoint asks for a model by its name: [FromKeyedServices("digits")] IModelRunner.
        builder.Services.AddKeyedSingleton<IModelRunner>(KeyedService.AnyKey, static (services, key) =>
            services.GetRequiredService<IModelCatalog>().TryGet(key as string ?? "", version: null, out var runner)
                ? runner
                : throw new InvalidOperationException($"There is no model '{key}'. Add it with .AddOnnxModel(\"{key}\", path), or to the section Models."));
        return builder;
    }
}
