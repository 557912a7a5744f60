namespace SecureInference.Runtime.Batching;

/// <summary>Finds out how many rows a batch needs until more of them hardly make a row cheaper: what goes beyond only makes its callers wait.</summary>
internal sealed class BatchTiming(IModelEngine engine, int maxRows, TimeProvider time)
{
    private const int Repetitions = 3;

    /// <summary>What a row may cost, to what it costs in the batch that is best.</summary>
    private const double HardlyMore = 1.1;

    /// <summary>The same where callers wait for each other's rows: a batch of half the rows lets each of them wait half as long.</summary>
    private const double WorthIt = 1.3;

    /// <summary>A start must not take long for it: where nothing has shown by then, nothing is held back.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Returns the rows that are enough, and those that are while several callers send requests; the most, where nothing can be told.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async ValueTask<(int Enough, int Shared)> FindEnoughRowsAsync(CancellationToken cancellationToken)
    {
        using var request = RandomRow.CreateRequest(engine.Metadata);
        var start = time.GetTimestamp();
        var costs = new List<(int Rows, double PerRow)>();
        for (var rows = 1L; costs.Count == 0 || costs[^1].Rows < maxRows; rows *= 2)
        {
            var tried = (int)Math.Min(rows, maxRows);
            if (await TimeAsync(request, tried, cancellationToken) is not { } best)
            {
                return (maxRows, maxRows);
            }

            costs.Add((tried, (best + LanePool.HandOver.TotalSeconds) / tried));
            if (time.GetElapsedTime(start) > Patience)
            {
                break;
            }
        }

        var least = costs.Min(static cost => cost.PerRow);
        return (FirstWithin(HardlyMore), FirstWithin(WorthIt));

        // The largest that was timed says nothing of larger ones.
        int FirstWithin(double tolerance) => costs.First(cost => cost.PerRow <= least * tolerance).Rows is var rows && rows < costs[^1].Rows ? rows : maxRows;
    }

    private async ValueTask<double?> TimeAsync(InferenceRequest request, int rows, CancellationToken cancellationToken)
    {
        var best = double.MaxValue;
        var batch = new InferenceBatch(engine.Metadata);
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            for (var row = 0; row < rows; row++)
            {
                batch.Add(request, rows: 1);
            }

            try
            {
                var start = time.GetTimestamp();
                if (await engine.RunBatchAsync(batch, cancellationToken) is not null)
                {
                    return null;
                }

                best = Math.Min(best, time.GetElapsedTime(start).TotalSeconds);
            }
            finally
            {
                batch.Clear();
            }
        }

        return best;
    }
}
