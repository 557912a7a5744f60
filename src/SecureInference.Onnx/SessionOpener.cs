using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using SecureInference.Onnx.Devices;

namespace SecureInference.Onnx;

/// <summary>Opens the sessions that a model's lanes share, one for each device.</summary>
internal sealed class SessionOpener(string model, ModelOptions options) : ISessionOpener
{
    private const string CudaProvider = "CUDAExecutionProvider";

    public CudaObstacle? LookForCuda()
    {
        var providers = NativeRuntime.GetProviders();
        if (options.Cuda.PluginLibrary is not { } library)
        {
            return providers.Contains(CudaProvider) ? null : new CudaObstacle(
                "the native ONNX Runtime has no CUDA",
                "Add the package Microsoft.ML.OnnxRuntime.Gpu in place of Microsoft.ML.OnnxRuntime, or name a plug-in in Cuda:PluginLibrary",
                IsWanted: false);
        }

        try
        {
            return CudaPlugin.FindDevices(library).Count > 0 ? null : new CudaObstacle(
                "the plug-in library finds no GPU", "Check the driver, and that the library is ONNX Runtime's CUDA provider", IsWanted: true);
        }
        catch (Exception failure) when (failure is OnnxRuntimeException or EntryPointNotFoundException)
        {
            return new CudaObstacle("the plug-in library does not load", "Check that Cuda:PluginLibrary is there, is built for this version of ONNX Runtime, and finds the CUDA libraries", IsWanted: true);
        }
    }

    public OpenedSession OpenOnCpu(ModelContent content, CancellationToken cancellationToken)
    {
        var lanes = options.Lanes ?? Environment.ProcessorCount;
        // First of all, whether there is a native runtime: the model is not to blame for its absence.
        _ = NativeRuntime.GetProviders();
        using var settings = CreateSettings(options.IntraOpThreads ?? Math.Max(1, Environment.ProcessorCount / lanes));
        try
        {
            return new OpenedSession(Create(content, settings, cancellationToken), HostMemory.Ordinary, "cpu:0");
        }
        catch (OnnxRuntimeException failure)
        {
            throw RunFailure.ExplainLoad(model, failure);
        }
    }

    public OpenedSession OpenOnCuda(ModelContent content, int card, bool allowCpu, CancellationToken cancellationToken)
    {
        using var settings = CreateSettings(options.IntraOpThreads ?? 1);
        Append(settings, card);
        if (!allowCpu)
        {
            settings.AddSessionConfigEntry("session.disable_cpu_ep_fallback", "1");
        }

        var session = Create(content, settings, cancellationToken);
        return new OpenedSession(session, HostMemory.TryPin(session, card), $"gpu:{card}");
    }

    private void Append(SessionOptions settings, int card)
    {
        if (options.Cuda.PluginLibrary is not { } library)
        {
            using var cuda = new OrtCUDAProviderOptions();
            cuda.UpdateOptions(CudaSettings.Of(options.Cuda, card));
            settings.AppendExecutionProvider_CUDA(cuda);
            return;
        }

        var devices = CudaPlugin.FindDevices(library);
        if (card >= devices.Count)
        {
            throw new ModelLoadException($"Models:{model}:Device is {options.Device}, but the plug-in library finds {devices.Count} GPUs. Write numbers from 0 to {devices.Count - 1}.");
        }

        settings.AppendExecutionProvider(OrtEnv.Instance(), [devices[card]], CudaSettings.Of(options.Cuda, card: null));
    }

    private SessionOptions CreateSettings(int intraOpThreads)
    {
        var settings = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = intraOpThreads,
            InterOpNumThreads = 1,
            EnableCpuMemArena = options.Arena,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // ASP.NET Core shares the processors: a thread that spins takes them from requests.
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", options.Spinning ? "1" : "0");
        settings.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        // Nothing of the model may reach a disk, nothing else than ONNX is parsed, and constants are not made large while it loads.
        settings.EnableProfiling = false;
        settings.AddSessionConfigEntry("ep.context_enable", "0");
        settings.AddSessionConfigEntry("session.load_model_format", "ONNX");
        settings.AddSessionConfigEntry("optimization.constant_folding_max_output_size_in_bytes", options.Admission.MaxConstantBytes.ToString(CultureInfo.InvariantCulture));
        return settings;
    }

    private static InferenceSession Create(ModelContent content, SessionOptions settings, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(
            static settings => (settings as SessionOptions)?.SetLoadCancellationFlag(true), settings);
        using var external = ExternalFiles.AddTo(settings, content.Files);
        try
        {
            return new InferenceSession(content.Model, settings);
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }
}
