using SecureInference.Onnx.Canary;
using SecureInference.Onnx.Tests.Admission;

namespace SecureInference.Onnx.Tests.Canary;

/// <summary>Models on no disk, and a loader that has them tried first.</summary>
internal sealed class Trial
{
    public const string ModelPath = "/nowhere/model.onnx";

    private readonly OnnxTelemetry _telemetry;

    public Trial() => _telemetry = new OnnxTelemetry(Logs);

    public CollectingLoggerFactory Logs { get; } = new();

    /// <summary>How many models have passed.</summary>
    public int Passed => Logs.Count(2009);

    public static ModelOptions Options(Action<ModelOptions>? configure = null)
    {
        var options = new ModelOptions { Path = ModelPath, Canary = true };
        configure?.Invoke(options);
        return options;
    }

    /// <summary>Has a model tried and loaded, as a server does.</summary>
    public async Task<IModelEngine> LoadAsync(
        byte[] model, Action<ModelOptions>? configure = null, IReadOnlyDictionary<string, byte[]>? files = null, CancellationToken? cancellationToken = null) =>
        await new OnnxModelLoader(new MemoryReader(model, files ?? new Dictionary<string, byte[]>()), _telemetry, TimeProvider.System)
            .LoadAsync("test", Options(configure), cancellationToken ?? TestContext.Current.CancellationToken);

    /// <summary>Has a model that is never searched tried, and returns why it is refused.</summary>
    public async Task<string> RefusalAsync(byte[] model, Action<ModelOptions>? configure = null)
    {
        var refusal = await Assert.ThrowsAsync<ModelLoadException>(async () => await LoadAsync(model, options =>
        {
            options.Admission.Policy = AdmissionPolicy.Off;
            configure?.Invoke(options);
        }));
        Assert.StartsWith("Models:test", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, Passed);
        return refusal.Message;
    }

    /// <summary>Has a shell in place of the app's own program, and returns why the model is refused.</summary>
    public async Task<string> RefusalAsync(string script, TimeSpan? timeout = null)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It needs a POSIX shell.");
        using var content = Content([1, 2, 3]);
        var gate = new CanaryGate(_telemetry, TimeProvider.System, new CanaryProgram("/bin/sh", ["-c", script]));
        var options = Options(options => options.CanaryTimeout = timeout ?? options.CanaryTimeout);

        var refusal = await Assert.ThrowsAsync<ModelLoadException>(() => gate.RequireAsync("test", options, content, TestContext.Current.CancellationToken));

        Assert.StartsWith("Models:test", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, Passed);
        return refusal.Message;
    }

    public static ModelContent Content(byte[] model, string digest = "", IReadOnlyDictionary<string, byte[]>? files = null) =>
        new() { Model = model, Digest = digest, Files = files ?? new Dictionary<string, byte[]>() };
}
