namespace SecureInference.Onnx.Devices;

/// <summary>Chooses the devices of a model, and says what it chose; a GPU that was asked for is never given up silently.</summary>
internal sealed class DevicePicker(string model, ModelOptions options, ISessionOpener opener, OnnxTelemetry telemetry)
{
    /// <summary>Enough to overlap one run's copies with another's computing.</summary>
    private const int LanesOnCuda = 2;

    private const string NotOnGpu = "A model runs on the CPU: the GPU that it should run on did not start.";

    /// <exception cref="ModelLoadException">The model or the device cannot be used; the message says why and what to do.</exception>
    public OpenedDevices Open(ModelContent content, CancellationToken cancellationToken)
    {
        var choice = DeviceChoice.TryParse(options.Device) ?? throw new ModelLoadException($"Models:{model}:Device is '{options.Device}'. Write {DeviceChoice.Forms}.");
        if (choice.Kind == DeviceKind.Cpu)
        {
            return OnCpu(content, "the option says so", degradation: null, cancellationToken);
        }

        var isRequired = choice.Kind == DeviceKind.Cuda || options.RequireGpu;
        if (opener.LookForCuda() is { } obstacle)
        {
            return isRequired ? throw Refuse($"{obstacle.Why}. {obstacle.Remedy}")
                : obstacle.IsWanted ? FallBack(content, obstacle.Why, cancellationToken)
                : OnCpu(content, obstacle.Why, degradation: null, cancellationToken);
        }

        try
        {
            return OnCuda(content, choice, isRequired ? "the option says so" : "CUDA is there", cancellationToken);
        }
        catch (Exception failure) when (!isRequired && failure is not OperationCanceledException)
        {
            return FallBack(content, $"CUDA did not start ({RunFailure.CodeOf(failure)})", cancellationToken);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or ModelLoadException))
        {
            throw Refuse(
                options.RequireGpu
                    ? "the model does not run on CUDA alone, as RequireGpu demands. Check the driver and the CUDA libraries, or remove RequireGpu where some operators may run on the CPU"
                    : "the model does not start on CUDA. Check the driver and the CUDA libraries, or let Device be Auto or Cpu",
                failure);
        }
    }

    private OpenedDevices FallBack(ModelContent content, string why, CancellationToken cancellationToken)
    {
        telemetry.FellBack(model, why);
        return OnCpu(content, why, NotOnGpu, cancellationToken);
    }

    private OpenedDevices OnCpu(ModelContent content, string reason, string? degradation, CancellationToken cancellationToken)
    {
        var session = opener.OpenOnCpu(content, cancellationToken);
        return Finish(new OpenedDevices([session], DeviceKind.Cpu, nameof(DeviceKind.Cpu), options.Lanes ?? Environment.ProcessorCount, reason) { Degradation = degradation });
    }

    private OpenedDevices OnCuda(ModelContent content, DeviceChoice choice, string reason, CancellationToken cancellationToken)
    {
        var name = $"{nameof(DeviceKind.Cuda)}:{string.Join(',', choice.Cards)}";
        var sessions = new List<OpenedSession>();
        try
        {
            foreach (var card in choice.Cards)
            {
                sessions.Add(OnCard(content, card, name, cancellationToken));
            }
        }
        catch
        {
            sessions.ForEach(static session => session.Dispose());
            throw;
        }

        if (sessions.Exists(static session => !session.Host.IsPinned))
        {
            telemetry.NotPinned(model, name);
        }

        return Finish(new OpenedDevices(sessions, DeviceKind.Cuda, name, options.Lanes ?? LanesOnCuda, reason));
    }

    private OpenedSession OnCard(ModelContent content, int card, string name, CancellationToken cancellationToken)
    {
        try
        {
            return opener.OpenOnCuda(content, card, allowCpu: false, cancellationToken);
        }
        catch (Exception failure) when (!options.RequireGpu && failure is not OperationCanceledException)
        {
            // Either the GPU does not start, and this fails too, or some operators are not for it.
            var session = opener.OpenOnCuda(content, card, allowCpu: true, cancellationToken);
            telemetry.PartlyOnCpu(model, name);
            return session;
        }
    }

    private OpenedDevices Finish(OpenedDevices opened)
    {
        telemetry.DeviceChosen(model, opened.Name, opened.Lanes, opened.Reason);
        return opened;
    }

    private ModelLoadException Refuse(string what, Exception? cause = null) =>
        new($"Models:{model}:{(options.RequireGpu ? $"RequireGpu is true and Device is {options.Device}" : $"Device is {options.Device}")}, but {what}.", cause);
}
