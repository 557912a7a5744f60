using Microsoft.Extensions.DependencyInjection.Extensions;
using SecureInference;
using SecureInference.Onnx;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds ONNX models to SecureInference.</summary>
public static class OnnxBuilderExtensions
{
    /// <summary>Serves the models that the configuration lists with ONNX Runtime.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static ISecureInferenceBuilder AddOnnxModels(this ISecureInferenceBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddLogging();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<OnnxTelemetry>();
        builder.Services.TryAddSingleton<IModelLoader, OnnxModelLoader>();
        return builder;
    }

    /// <summary>Serves one ONNX model, whether the configuration lists it or not.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name it is served under.</param>
    /// <param name="path">The model file; a relative path starts at the content root.</param>
    /// <param name="configure">Sets its other options.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> or <paramref name="path"/> is empty.</exception>
    public static ISecureInferenceBuilder AddOnnxModel(
        this ISecureInferenceBuilder builder,
        string name,
        string path,
        Action<ModelOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var options = new ModelOptions { Path = path };
        configure?.Invoke(options);
        builder.AddOnnxModels().Services.AddSingleton(new ModelRegistration(name, options));
        return builder;
    }
}
