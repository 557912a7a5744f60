using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Onnx;

/// <summary>Finds out whether the native ONNX Runtime is there and fits, before a model is blamed for it.</summary>
internal static class NativeRuntime
{
    private static readonly string Version = typeof(OrtEnv).Assembly.GetName().Version?.ToString(3) ?? "of Microsoft.ML.OnnxRuntime.Managed";

    /// <summary>Returns the execution providers that the native library was built with.</summary>
    /// <exception cref="ModelLoadException">The native library is missing, or of another version.</exception>
    public static string[] GetProviders()
    {
        try
        {
            NativeTelemetry.Disable();
            var environment = OrtEnv.Instance();
            environment.DisableTelemetryEvents();
            return environment.GetAvailableProviders();
        }
        catch (Exception failure) when (Explain(failure) is { } explanation)
        {
            throw explanation;
        }
    }

    /// <summary>Says what to do about a failure of the native library, or <see langword="null"/> where it is another failure.</summary>
    internal static ModelLoadException? Explain(Exception failure)
    {
        // ONNX Runtime binds in static constructors: the cause arrives wrapped, and again so at every later call.
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is DllNotFoundException or BadImageFormatException)
            {
                return new ModelLoadException(
                    "The native ONNX Runtime is missing or built for another processor: add the package Microsoft.ML.OnnxRuntime (CPU) " +
                    $"or Microsoft.ML.OnnxRuntime.Gpu, version {Version}, to the app's project.",
                    failure);
            }

            if (cause is EntryPointNotFoundException || IsApiVersion(cause))
            {
                return new ModelLoadException(
                    $"The native ONNX Runtime is of another version than the managed library, which wants {Version}: " +
                    $"give the package Microsoft.ML.OnnxRuntime or Microsoft.ML.OnnxRuntime.Gpu the version {Version} in the app's project.",
                    failure);
            }
        }

        return null;
    }

    private static bool IsApiVersion(Exception cause) =>
        cause is InvalidOperationException && cause.Message.Contains("API version", StringComparison.OrdinalIgnoreCase);
}
