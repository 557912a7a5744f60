using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace SecureInference.Onnx;

/// <summary>Chooses the device and opens the one session that a model's lanes share.</summary>
internal sealed class SessionOpener(string model, ModelOptions options, OnnxTelemetry telemetry)
{
    private const string CudaProvider = "CUDAExecutionProvider";

    /// <summary>Enough to overlap one run's copies with another's computing.</summary>
    private const int LanesOnCuda = 2;

    /// <exception cref="ModelLoadException">The model or the device cannot be used; the message says why and what to do.</exception>
    public OpenedSession Open(ModelContent content, CancellationToken cancellationToken)
    {
        var hasCuda = NativeRuntime.GetProviders().Contains(CudaProvider);
        if (ModelOptionRules.IsDevice(options.Device, Devices.Cpu))
        {
            return OpenOnCpu(content, "the option says so", cancellationToken);
        }

        if (ModelOptionRules.IsDevice(options.Device, Devices.Cuda))
        {
            return hasCuda ? OpenOnCuda(content, required: true, cancellationToken) : throw Refuse(
                "the native ONNX Runtime has no CUDA. Add the package Microsoft.ML.OnnxRuntime.Gpu in place of Microsoft.ML.OnnxRuntime");
        }

        if (!hasCuda)
        {
            return OpenOnCpu(content, "the native ONNX Runtime has no CUDA", cancellationToken);
        }

        try
        {
            return OpenOnCuda(content, required: false, cancellationToken);
        }
        catch (ModelLoadException)
        {
            return OpenOnCpu(content, "CUDA did not start", cancellationToken);
        }
    }

    private OpenedSession OpenOnCpu(ModelContent content, string reason, CancellationToken cancellationToken)
    {
        var lanes = options.Lanes ?? Environment.ProcessorCount;
        using var settings = CreateSettings(Math.Max(1, Environment.ProcessorCount / lanes));
        try
        {
            return Finish(Create(content, settings, cancellationToken), Devices.Cpu, lanes, reason);
        }
        catch (OnnxRuntimeException failure)
        {
            throw RunFailure.ExplainLoad(model, failure);
        }
    }

    private OpenedSession OpenOnCuda(ModelContent content, bool required, CancellationToken cancellationToken)
    {
        var lanes = options.Lanes ?? LanesOnCuda;
        try
        {
            using var settings = CreateSettings(intraOpThreads: 1);
            using var cuda = new OrtCUDAProviderOptions();
            // The defaults try every algorithm at each new shape, and double the arena at each growth.
            cuda.UpdateOptions(new Dictionary<string, string>
            {
                ["cudnn_conv_algo_search"] = "HEURISTIC",
                ["arena_extend_strategy"] = "kSameAsRequested",
            });
            settings.AppendExecutionProvider_CUDA(cuda);
            if (required)
            {
                settings.AddSessionConfigEntry("session.disable_cpu_ep_fallback", "1");
            }

            return Finish(Create(content, settings, cancellationToken), Devices.Cuda, lanes, required ? "the option says so" : "CUDA is there");
        }
        catch (Exception failure) when (failure is OnnxRuntimeException or DllNotFoundException or EntryPointNotFoundException)
        {
            throw Refuse("the model does not start on CUDA. Check the driver and the CUDA libraries, or let Device be Auto or Cpu", failure);
        }
    }

    private SessionOptions CreateSettings(int intraOpThreads)
    {
        var settings = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = intraOpThreads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // ASP.NET Core shares the processors: a thread that spins takes them from requests.
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
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

    private OpenedSession Finish(InferenceSession session, string device, int lanes, string reason)
    {
        telemetry.DeviceChosen(model, device, lanes, reason);
        return new OpenedSession(session, device, lanes);
    }

    private ModelLoadException Refuse(string what, Exception? cause = null) =>
        new($"Models:{model}:Device is {options.Device}, but {what}.", cause);
}
