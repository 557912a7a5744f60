namespace SecureInference.Onnx;

/// <summary>One loaded model: takes a request to a lane, and brings back its answer or why there is none.</summary>
internal sealed class OnnxEngine(ModelMetadata metadata, SessionPool pool, RunPlan plan, OnnxTelemetry telemetry, TimeProvider time) : IModelEngine
{
    private readonly LogGate _rejections = new(time);
    private readonly LogGate _failures = new(time);

    public ModelMetadata Metadata => metadata;

    public int Lanes => pool.Lanes;

    public ValueTask<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<InferenceResponse>(cancellationToken);
        }

        var boundRows = plan.GetBoundRows(request);
        return pool.TryRent(out var lease)
            ? RunAsync(lease, request, boundRows, cancellationToken)
            : WaitAndRunAsync(request, boundRows, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!await pool.DrainAsync())
        {
            telemetry.RunsAbandoned(metadata.Name);
        }
    }

    private ValueTask<InferenceResponse> RunAsync(
        SessionLease lease, InferenceRequest request, int boundRows, CancellationToken cancellationToken)
    {
        if (!plan.IsShort(boundRows))
        {
            return RunOnThreadAsync(lease, request, boundRows, cancellationToken);
        }

        try
        {
            return new ValueTask<InferenceResponse>(lease.Lane.Run(request, boundRows, cancellationToken));
        }
        catch (OperationCanceledException)
        {
            return ValueTask.FromCanceled<InferenceResponse>(cancellationToken);
        }
        catch (Exception failure)
        {
            return new ValueTask<InferenceResponse>(Refuse(failure));
        }
        finally
        {
            lease.Dispose();
        }
    }

    private async ValueTask<InferenceResponse> RunOnThreadAsync(
        SessionLease lease, InferenceRequest request, int boundRows, CancellationToken cancellationToken)
    {
        try
        {
            return await lease.Lane.RunOnThreadAsync(request, boundRows, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return Refuse(failure);
        }
        finally
        {
            lease.Dispose();
        }
    }

    private async ValueTask<InferenceResponse> WaitAndRunAsync(InferenceRequest request, int boundRows, CancellationToken cancellationToken) =>
        await pool.RentAsync(cancellationToken) is { } lease
            ? await RunAsync(lease, request, boundRows, cancellationToken)
            : new InferenceResponse(InferenceErrors.Draining);

    private InferenceResponse Refuse(Exception failure)
    {
        if (pool.HasTerminatedRuns)
        {
            return new InferenceResponse(InferenceErrors.Draining);
        }

        var code = RunFailure.CodeOf(failure);
        if (RunFailure.IsRejectedInput(failure))
        {
            if (_rejections.TryPass(out var unsaid))
            {
                telemetry.InputRejected(metadata.Name, code, unsaid);
            }

            return new InferenceResponse(InferenceErrors.ModelRejectedInput);
        }

        if (_failures.TryPass(out var silent))
        {
            telemetry.RunFailed(metadata.Name, code, silent);
        }

        return new InferenceResponse(InferenceErrors.ModelFailed);
    }
}
