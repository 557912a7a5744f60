namespace SecureInference.Onnx;

/// <summary>One loaded model: takes a request to a lane, and brings back its answer or why there is none.</summary>
internal sealed class OnnxEngine(ModelMetadata metadata, SessionPool pool, RunPlan plan, bool areLanesParallel, OnnxTelemetry telemetry, TimeProvider time) : IForgetfulEngine
{
    private readonly LogGate _rejections = new(time);
    private readonly LogGate _failures = new(time);

    public ModelMetadata Metadata => metadata;

    public int Lanes => pool.Lanes;

    public bool AreLanesParallel => areLanesParallel;

    internal int IdleLanes => pool.Idle;

    public TimeSpan? EstimateRun(InferenceRequest request) => plan.Estimate(plan.GetBoundRows(request));

    public ValueTask<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<InferenceResponse>(cancellationToken);
        }

        return pool.TryRent(out var lease) ? Run(lease, request, cancellationToken) : WaitAndRunAsync(request, cancellationToken);
    }

    public ValueTask<InferenceError?> RunBatchAsync(InferenceBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<InferenceError?>(cancellationToken);
        }

        return plan.GetBoundRows(batch) > 0 && pool.TryRent(out var lease)
            ? Run(lease, batch, cancellationToken)
            : batch.RunMergedAsync(this, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!await pool.DrainAsync())
        {
            telemetry.RunsAbandoned(metadata.Name);
        }
    }

    private ValueTask<InferenceResponse> Run(SessionLease lease, InferenceRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return new ValueTask<InferenceResponse>(lease.Lane.Run(request, plan.GetBoundRows(request), cancellationToken));
        }
        catch (OperationCanceledException)
        {
            return ValueTask.FromCanceled<InferenceResponse>(cancellationToken);
        }
        catch (Exception failure)
        {
            return new ValueTask<InferenceResponse>(new InferenceResponse(Explain(failure)));
        }
        finally
        {
            lease.Dispose();
        }
    }

    private ValueTask<InferenceError?> Run(SessionLease lease, InferenceBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            if (lease.Lane.Bound is { } bound)
            {
                lease.Lane.RunBound(bound, batch, cancellationToken);
            }

            return default;
        }
        catch (OperationCanceledException)
        {
            return ValueTask.FromCanceled<InferenceError?>(cancellationToken);
        }
        catch (Exception failure)
        {
            // Not logged: run alone, the request that it failed of says so itself.
            return new ValueTask<InferenceError?>(
                pool.HasTerminatedRuns ? InferenceErrors.Draining : RunFailure.IsRejectedInput(failure) ? InferenceErrors.ModelRejectedInput : InferenceErrors.ModelFailed);
        }
        finally
        {
            lease.Dispose();
        }
    }

    private async ValueTask<InferenceResponse> WaitAndRunAsync(InferenceRequest request, CancellationToken cancellationToken) =>
        await pool.RentAsync(cancellationToken) is { } lease
            ? await Run(lease, request, cancellationToken)
            : new InferenceResponse(InferenceErrors.Draining);

    private InferenceError Explain(Exception failure)
    {
        if (pool.HasTerminatedRuns)
        {
            return InferenceErrors.Draining;
        }

        var code = RunFailure.CodeOf(failure);
        if (RunFailure.IsRejectedInput(failure))
        {
            if (_rejections.TryPass(out var unsaid))
            {
                telemetry.InputRejected(metadata.Name, code, unsaid);
            }

            return InferenceErrors.ModelRejectedInput;
        }

        if (_failures.TryPass(out var silent))
        {
            telemetry.RunFailed(metadata.Name, code, silent);
        }

        return InferenceErrors.ModelFailed;
    }
}
