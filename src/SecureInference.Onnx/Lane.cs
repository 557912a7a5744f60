using Microsoft.ML.OnnxRuntime;
using SecureInference.Onnx.Devices;

namespace SecureInference.Onnx;

/// <summary>What one run needs for itself while others go on in the same session; used by one lease at a time.</summary>
internal sealed class Lane(
    InferenceSession session, ModelMetadata metadata, BoundLayout? layout, RunPlan plan, TimeProvider time, HostMemory? host = null, ArenaShrinking? shrinking = null) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly RunOptions _options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly UnboundPath _unbound = new(session, metadata, (host ?? HostMemory.Ordinary).Allocator);

    // 0 while nothing runs.
    private long _startedAt;
    private bool _isOverdue;

    /// <summary>Gets the way that runs in the lane's own memory, where the signature allows it.</summary>
    public BoundPath? Bound { get; } = layout is null ? null : new BoundPath(session, layout);

    /// <summary>Runs a request on this thread: in the lane's own memory where <paramref name="boundRows"/> is not 0.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="OnnxRuntimeException">The run failed, or was terminated.</exception>
    public InferenceResponse Run(InferenceRequest request, int boundRows, CancellationToken cancellationToken)
    {
        var options = NextOptions();
        var registration = Follow(cancellationToken);
        try
        {
            return boundRows > 0 && Bound is not null ? RunBound(Bound, request, boundRows, options) : _unbound.Run(request, options);
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            Unfollow(registration);
        }
    }

    /// <summary>Runs a batch in the lane's own memory, on this thread.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="OnnxRuntimeException">The run failed, or was terminated.</exception>
    public void RunBound(BoundPath bound, InferenceBatch batch, CancellationToken cancellationToken)
    {
        var options = NextOptions();
        var registration = Follow(cancellationToken);
        try
        {
            bound.Run(batch, options);
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            Unfollow(registration);
        }
    }

    /// <summary>Ends the run that goes on, between two of the model's operators.</summary>
    public void Terminate()
    {
        lock (_lock)
        {
            _options.Terminate = true;
            shrinking?.Options.Terminate = true;
        }
    }

    /// <summary>Ends the run that goes on where it has taken longer than <paramref name="limit"/>.</summary>
    /// <param name="limit">The longest that it may take.</param>
    /// <param name="ending">Told of it before: whoever waits for the run knows by then.</param>
    public void TerminateAfter(TimeSpan limit, Action ending)
    {
        lock (_lock)
        {
            var startedAt = Volatile.Read(ref _startedAt);
            if (startedAt != 0 && !_isOverdue && time.GetElapsedTime(startedAt) > limit)
            {
                ending();
                _isOverdue = true;
                _options.Terminate = true;
                shrinking?.Options.Terminate = true;
            }
        }
    }

    public void Dispose()
    {
        Bound?.Dispose();
        shrinking?.Dispose();
        _options.Dispose();
    }

    private RunOptions NextOptions() => shrinking?.IsDue() == true ? shrinking.Options : _options;

    private InferenceResponse RunBound(BoundPath bound, InferenceRequest request, int rows, RunOptions options)
    {
        try
        {
            return bound.Run(request, rows, options);
        }
        catch (OnnxRuntimeException)
        {
            // The values may be at fault, or the shapes of outputs depend on them. Only the latter runs unbound.
            var response = _unbound.Run(request, options);
            plan.GiveUpBinding();
            return response;
        }
    }

    private CancellationTokenRegistration Follow(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _startedAt, Math.Max(1, time.GetTimestamp()));
        return cancellationToken.UnsafeRegister(static lane => (lane as Lane)?.Terminate(), this);
    }

    // Waits for a callback that goes on: after this none can reach the lane's next run.
    private void Unfollow(CancellationTokenRegistration registration)
    {
        registration.Dispose();
        AllowRuns();
    }

    private void AllowRuns()
    {
        lock (_lock)
        {
            _options.Terminate = false;
            shrinking?.Options.Terminate = false;
            _isOverdue = false;
            Volatile.Write(ref _startedAt, 0);
        }
    }
}
