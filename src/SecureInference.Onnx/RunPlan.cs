namespace SecureInference.Onnx;

/// <summary>What is known of how a model runs: measured before its first request, corrected by later ones.</summary>
internal sealed class RunPlan(Action bindingGivenUp)
{
    private volatile Learned _learned = new(null, RunEstimate.Unknown);

    /// <summary>Says that requests of this layout may run in a lane's own memory.</summary>
    public void Learn(BoundLayout layout, RunEstimate estimate) => _learned = new Learned(layout, estimate);

    /// <summary>Sends every later run the unbound way.</summary>
    public void GiveUpBinding()
    {
        if (Interlocked.Exchange(ref _learned, new Learned(null, RunEstimate.Unknown)).Layout is not null)
        {
            bindingGivenUp();
        }
    }

    /// <summary>Returns the number of rows of a request that may run bound, or 0.</summary>
    public int GetBoundRows(InferenceRequest request) =>
        _learned.Layout is { } layout && layout.TryGetRows(request, out var rows) ? rows : 0;

    /// <summary>Returns whether a run is so short that it may stay on its caller's thread; what runs unbound never is.</summary>
    public bool IsShort(int boundRows) => boundRows > 0 && _learned.Estimate.IsShort(boundRows);

    private sealed record Learned(BoundLayout? Layout, RunEstimate Estimate);
}
