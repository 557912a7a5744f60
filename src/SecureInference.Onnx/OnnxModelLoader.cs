using Microsoft.ML.OnnxRuntime;
using SecureInference.Onnx.Admission;

namespace SecureInference.Onnx;

/// <summary>Turns a model file into an engine that is ready for its first request.</summary>
internal sealed class OnnxModelLoader(IModelReader reader, OnnxTelemetry telemetry, TimeProvider time) : IModelLoader
{
    public async ValueTask<IModelEngine> LoadAsync(string name, ModelOptions options, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(options);
        ModelOptionRules.Require(name, options);
        using var content = await reader.ReadAsync(name, options.Path, options, cancellationToken);
        // Parsing, optimising and measuring take seconds of a thread, which must not be the caller's. Not to be left
        // by cancelling alone: the bytes are wiped when this method ends.
        return await Task.Run(() => Load(name, options, content, cancellationToken), CancellationToken.None);
    }

    private OnnxEngine Load(string name, ModelOptions options, ModelContent content, CancellationToken cancellationToken)
    {
        if (options.Admission.Policy == AdmissionPolicy.Off)
        {
            telemetry.AdmissionOff(name);
        }

        // No native code may see the file before this.
        ModelScan.Require(name, content, options, cancellationToken);
        var opened = new SessionOpener(name, options, telemetry).Open(content, cancellationToken);
        var lanes = new List<Lane>(opened.Lanes);
        RunWatchdog? watchdog = null;
        try
        {
            var metadata = SignatureReader.Read(name, options, content.Digest, opened.Session);
            // For a device, ONNX Runtime copies inputs when they are bound, not when they are run: there, bound memory would go stale.
            var layout = opened.Device == Devices.Cpu ? BoundLayout.TryCreate(metadata) : null;
            var plan = new RunPlan(() => telemetry.BindingGivenUp(name));
            for (var index = 0; index < opened.Lanes; index++)
            {
                lanes.Add(new Lane(opened.Session, metadata, layout, plan, time));
            }

            watchdog = new RunWatchdog(lanes, options.MaxRunTime, time, () => telemetry.RunEnded(name, options.MaxRunTime));
            WarmUp(new WarmUp(lanes[0], metadata, layout, plan, cancellationToken), name);
            return new OnnxEngine(metadata, new SessionPool(opened.Session, lanes, time, watchdog), plan, opened.Device == Devices.Cpu, telemetry, time);
        }
        catch
        {
            watchdog?.Dispose();
            lanes.ForEach(static lane => lane.Dispose());
            opened.Session.Dispose();
            throw;
        }
    }

    private void WarmUp(WarmUp warmUp, string name)
    {
        try
        {
            warmUp.Run();
        }
        catch (OnnxRuntimeException failure)
        {
            // Some models refuse ones; callers may know better values.
            telemetry.WarmUpFailed(name, RunFailure.CodeOf(failure));
        }
    }
}
