using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace SecureInference.Runtime;

/// <summary>Counts batches, and the requests that found no lane in time.</summary>
internal sealed partial class RuntimeTelemetry
{
    private readonly ILogger _logger;
    private readonly RefusalCounter _refused;
    private readonly Histogram<int> _rows;
    private readonly Counter<long> _takenApart;
    private readonly Counter<long> _replaced;

    public RuntimeTelemetry(IMeterFactory meters, ILogger<RuntimeTelemetry> logger)
    {
        _logger = logger;
        _refused = new RefusalCounter(meters, "runtime", "Requests that found the queue full, or whose deadline passed.");
        var meter = meters.Create("SecureInference");
        _rows = meter.CreateHistogram(
            "secure_inference.runtime.batch_rows", "{row}", "The rows of a run.", advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128] });
        _takenApart = meter.CreateCounter<long>("secure_inference.runtime.batches_taken_apart", "{batch}", "Batches that failed, and whose requests were run one by one.");
        _replaced = meter.CreateCounter<long>("secure_inference.runtime.lanes_replaced", "{lane}", "Lanes whose thread died, and was replaced.");
    }

    public void Refused(string model, InferenceError error) =>
        _refused.Count(model, "rule", error.Code == InferenceErrorCode.QueueFull ? "queue_full" : "draining");

    public void DeadlineExceeded(string model) => _refused.Count(model, "rule", "deadline_exceeded");

    public void Ran(string model, int rows)
    {
        if (_rows.Enabled)
        {
            _rows.Record(rows, new KeyValuePair<string, object?>("model", model));
        }
    }

    public void BatchTakenApart(string model) => _takenApart.Add(1, new KeyValuePair<string, object?>("model", model));

    public void LaneReplaced(string model, Exception exception)
    {
        _replaced.Add(1, new KeyValuePair<string, object?>("model", model));
        LaneDied(model, exception);
    }

    [LoggerMessage(1316, LogLevel.Error, "The thread of a lane of model {Model} died: its requests are answered as failed, and another thread takes its place.")]
    private partial void LaneDied(string model, Exception exception);

    [LoggerMessage(1311, LogLevel.Warning, "Rows of model {Model} influence each other: its requests run one by one, although MaxBatchSize is {MaxBatchSize}. "
        + "Remove MaxBatchSize to say so, or export the model so that every row is computed by itself.")]
    public partial void BatchingVetoed(string model, int maxBatchSize);

    [LoggerMessage(1312, LogLevel.Warning, "Model {Model} did not run on random values: whether its rows influence each other was not tried. Its requests share runs, as MaxBatchSize says.")]
    public partial void NotProbed(string model);

    [LoggerMessage(1313, LogLevel.Warning, "Model {Model} failed on rows of several requests that it took one by one, several times in a row: its requests run one by one from now on.")]
    public partial void BatchingGivenUp(string model);

    [LoggerMessage(1315, LogLevel.Information, "Model {Model}: a run takes up to {Rows} rows of several requests, and up to {SharedRows} while several callers send them, of {MaxBatchSize} at most. "
        + "More hardly make a row cheaper, and let each wait longer.")]
    public partial void BatchesMeasured(string model, int rows, int sharedRows, int maxBatchSize);

    [LoggerMessage(1310, LogLevel.Error, "A run of model {Model} ended with an exception of its engine.")]
    public partial void RunThrew(string model, Exception exception);

    [LoggerMessage(1314, LogLevel.Error, "Model {Model} failed {Failures} times in a row: it is not ready until it answers again, or has had some seconds of rest.")]
    public partial void Unready(string model, int failures);
}
