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

    /// <summary>Returns the rows of a batch that may run bound, or 0.</summary>
    public int GetBoundRows(InferenceBatch batch)
    {
        if (_learned.Layout is not { } layout || batch.Rows > layout.MaxRows)
        {
            return 0;
        }

        for (var index = 0; index < batch.Requests.Count; index++)
        {
            if (!layout.TryGetRows(batch.Requests[index], out var rows) || rows != batch.GetRows(index))
            {
                return 0;
            }
        }

        return batch.Rows;
    }

    /// <summary>Returns how long a run is likely to take; of what runs unbound nothing is known.</summary>
    public TimeSpan? Estimate(int boundRows) => boundRows > 0 ? _learned.Estimate.Of(boundRows) : null;

    private sealed record Learned(BoundLayout? Layout, RunEstimate Estimate);
}
