namespace SecureInference.Onnx;

/// <summary>One run on its way to a lane's thread and back; whoever waits goes on elsewhere, never on that thread.</summary>
internal sealed class LaneRun(Lane lane, InferenceRequest request, int boundRows, CancellationToken cancellationToken)
    : TaskCompletionSource<InferenceResponse>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public void Execute()
    {
        try
        {
            SetResult(lane.Run(request, boundRows, cancellationToken));
        }
        catch (OperationCanceledException)
        {
            SetCanceled(cancellationToken);
        }
        catch (Exception failure)
        {
            SetException(failure);
        }
    }
}
