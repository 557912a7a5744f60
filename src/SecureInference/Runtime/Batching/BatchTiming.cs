namespace SecureInference.Runtime.Batching;

/// <summary>Finds out how many rows a batch needs until more of them hardly make a row cheaper: what goes beyond only makes its callers wait.</summary>
internal sealed class BatchTiming(IModelEngine engine, int maxRows, TimeProvider time)
{
    private const int Repetitions = 3;

    /// <summary>What a row may cost, to what it costs in the batch that is best.</summary>
    private const double HardlyMore = 1.1;

    /// <summary>The same where callers wait for each other's runs: one of half the rows lets each of them wait little more than half as long.</summary>
    private const double WorthIt = 1.5;

    /// <summary>A start must not take long for it: what has shown by then is drawn out in a line.</summary>
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
            if (await TimeAsync(request, tried, start, cancellationToken) is not { } best)
            {
                return (maxRows, maxRows);
            }

            costs.Add((tried, (best + LanePool.HandOver.TotalSeconds) / tried));
            if (costs.Count > 1 && time.GetElapsedTime(start) > Patience)
            {
                DrawOut(costs);
                break;
            }
        }

        var least = costs.Min(static cost => cost.PerRow);
        return (FirstWithin(HardlyMore), FirstWithin(WorthIt));

        // The largest that was timed says nothing of larger ones.
        int FirstWithin(double tolerance) => costs.First(cost => cost.PerRow <= least * tolerance).Rows is var rows && rows < costs[^1].Rows ? rows : maxRows;
    }

    // A run costs something of its own, and the same for each row: slow machines, and slow models, are known by few sizes.
    private void DrawOut(List<(int Rows, double PerRow)> costs)
    {
        var (least, most) = (costs[0], costs[^1]);
        var perRow = most.Rows > least.Rows ? ((most.PerRow * most.Rows) - (least.PerRow * least.Rows)) / (most.Rows - least.Rows) : 0;
        var ofRun = (least.PerRow - perRow) * least.Rows;
        for (var rows = most.Rows * 2L; perRow > 0 && ofRun > 0 && costs[^1].Rows < maxRows; rows *= 2)
        {
            var drawn = (int)Math.Min(rows, maxRows);
            costs.Add((drawn, perRow + (ofRun / drawn)));
        }
    }

    private async ValueTask<double?> TimeAsync(InferenceRequest request, int rows, long start, CancellationToken cancellationToken)
    {
        var best = double.MaxValue;
        var batch = new InferenceBatch(engine.Metadata);
        for (var repetition = 0; repetition == 0 || (repetition < Repetitions && time.GetElapsedTime(start) <= Patience); repetition++)
        {
            for (var row = 0; row < rows; row++)
            {
                batch.Add(request, rows: 1);
            }

            try
            {
                var began = time.GetTimestamp();
                if (await engine.RunBatchAsync(batch, cancellationToken) is not null)
                {
                    return null;
                }

                best = Math.Min(best, time.GetElapsedTime(began).TotalSeconds);
            }
            finally
            {
                batch.Clear();
            }
        }

        return best;
    }
}
