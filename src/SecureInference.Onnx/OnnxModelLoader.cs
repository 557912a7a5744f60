using Microsoft.ML.OnnxRuntime;
using SecureInference.Onnx.Admission;
using SecureInference.Onnx.Canary;
using SecureInference.Onnx.Devices;

namespace SecureInference.Onnx;

/// <summary>Turns a model file into an engine that is ready for its first request.</summary>
internal sealed class OnnxModelLoader(
    IModelReader reader, OnnxTelemetry telemetry, TimeProvider time, Func<string, ModelOptions, ISessionOpener>? open = null) : IModelLoader
{
    private readonly CanaryGate _canary = new(telemetry, time);

    public async ValueTask<IModelEngine> LoadAsync(string name, ModelOptions options, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(options);
        ModelOptionRules.Require(name, options);
        using var content = await reader.ReadAsync(name, options.Path, options, cancellationToken);
        // Searching, parsing, optimising and measuring take seconds of a thread, which must not be the caller's. Not to be left
        // by cancelling alone: the bytes are wiped when this method ends.
        await Task.Run(() => Search(name, options, content, cancellationToken), CancellationToken.None);
        if (options.Canary)
        {
            await _canary.RequireAsync(name, options, content, cancellationToken);
        }

        return await Task.Run(() => Load(name, options, content, cancellationToken), CancellationToken.None);
    }

    private void Search(string name, ModelOptions options, ModelContent content, CancellationToken cancellationToken)
    {
        if (options.Admission.Policy == AdmissionPolicy.Off)
        {
            telemetry.AdmissionOff(name);
        }

        // No native code may see the file before this.
        ModelScan.Require(name, content, options, cancellationToken);
    }

    private OnnxEngine Load(string name, ModelOptions options, ModelContent content, CancellationToken cancellationToken)
    {
        var opened = new DevicePicker(name, options, open?.Invoke(name, options) ?? new SessionOpener(name, options), telemetry).Open(content, cancellationToken);
        var devices = new List<DeviceLanes>();
        try
        {
            var metadata = SignatureReader.Read(name, options, content.Digest, content.Size, opened.Sessions[0].Session)
                .WithProtection(content.Protection).OnDevice(opened.Name, opened.Reason, opened.Degradation);
            // For a device, ONNX Runtime copies inputs when they are bound, not when they are run: there, bound memory would go stale.
            var layout = opened.Kind == DeviceKind.Cpu ? BoundLayout.TryCreate(metadata) : null;
            var plan = new RunPlan(() => telemetry.BindingGivenUp(name));
            foreach (var session in opened.Sessions)
            {
                devices.Add(new DeviceLanes(session, Enumerable.Range(0, opened.Lanes).Select(_ => new Lane(
                    session.Session, metadata, layout, plan, time, session.Host, ArenaShrinking.TryCreate(session.Arena, options.ArenaShrinkInterval)))));
                devices[^1].Watch(options.MaxRunTime, time, () => telemetry.RunEnded(name, options.MaxRunTime));
                WarmUp(new WarmUp(devices[^1].First, metadata, layout, plan, cancellationToken), name, opened.Kind == DeviceKind.Cpu ? 1 : options.MaxBatchSize ?? 1);
            }

            return new OnnxEngine(metadata, new SessionPool(devices, time), plan, opened.Kind == DeviceKind.Cpu, telemetry, time);
        }
        catch
        {
            devices.ForEach(static device => device.Dispose());
            foreach (var session in opened.Sessions.Skip(devices.Count))
            {
                session.Dispose();
            }

            throw;
        }
    }

    private void WarmUp(WarmUp warmUp, string name, int maxRows)
    {
        try
        {
            warmUp.Run();
            warmUp.RunSizes(maxRows);
        }
        catch (OnnxRuntimeException failure)
        {
            // Some models refuse ones; callers may know better values.
            telemetry.WarmUpFailed(name, RunFailure.CodeOf(failure));
        }
    }
}
