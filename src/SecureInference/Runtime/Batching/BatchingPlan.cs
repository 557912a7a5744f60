namespace SecureInference.Runtime.Batching;

/// <summary>How requests of one model wait and run.</summary>
internal sealed record BatchingPlan
{
    /// <summary>Gets the requests that may wait.</summary>
    public required int Capacity { get; init; }

    /// <summary>Gets the time that a request has.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Gets the most rows in one batch; 1 where every request runs alone.</summary>
    public int MaxRows { get; init; } = 1;

    /// <summary>Gets the rows from which on a lane waits for no more.</summary>
    public int PreferredRows { get; init; } = 1;

    /// <summary>Gets whether the operator says so, and not a measurement.</summary>
    public bool IsPreferenceGiven { get; init; }

    /// <summary>Gets the most rows in one batch while several callers send requests: more would hardly make a row cheaper, and each of them wait longer.</summary>
    public int SharedRows { get; init; } = 1;

    /// <summary>Gets the longest that a lane waits for more.</summary>
    public TimeSpan MaxDelay { get; init; }

    /// <summary>Gets the longest run that may keep a request's own thread.</summary>
    public TimeSpan MaxInlineRun { get; init; }

    /// <summary>Reads the plan from a model's options.</summary>
    public static BatchingPlan Of(ModelMetadata metadata, ModelOptions options)
    {
        // Callers' rows share a run only where the operator says so, and where rows can be told apart again.
        var maxRows = options.MaxBatchSize is { } size && BatchRule.HasRowsThroughout(metadata) ? size : 1;
        return new BatchingPlan
        {
            Capacity = options.MaxQueueLength,
            Timeout = options.Timeout,
            MaxRows = maxRows,
            PreferredRows = Math.Min(options.PreferredBatchSize ?? maxRows, maxRows),
            IsPreferenceGiven = options.PreferredBatchSize is not null,
            SharedRows = maxRows,
            MaxDelay = options.MaxQueueDelay,
            MaxInlineRun = options.MaxInlineRun,
        };
    }

    /// <summary>Lets a probe object to callers' rows sharing a run, and learns how many of them are enough.</summary>
    public async ValueTask<BatchingPlan> ProveAsync(IModelEngine engine, RuntimeTelemetry telemetry, TimeProvider time, CancellationToken cancellationToken)
    {
        if (MaxRows == 1)
        {
            return this;
        }

        switch (await new BatchProbe(engine, MaxRows).RunAsync(cancellationToken))
        {
            case ProbeVerdict.Dependent:
                telemetry.BatchingVetoed(engine.Metadata.Name, MaxRows);
                return this with { MaxRows = 1, PreferredRows = 1, SharedRows = 1 };
            case ProbeVerdict.Unknown:
                telemetry.NotProbed(engine.Metadata.Name);
                return this;
            default:
                var measured = WithEnough(await new BatchTiming(engine, MaxRows, time).FindEnoughRowsAsync(cancellationToken));
                telemetry.BatchesMeasured(engine.Metadata.Name, measured.MaxRows, measured.SharedRows, MaxRows);
                return measured;
        }
    }

    // Where the operator says how many rows are to be waited for, that is how many.
    private BatchingPlan WithEnough((int Rows, int Shared) enough) => IsPreferenceGiven
        ? this with { SharedRows = Math.Max(enough.Shared, PreferredRows) }
        : this with { MaxRows = enough.Rows, PreferredRows = enough.Rows, SharedRows = enough.Shared };
}
