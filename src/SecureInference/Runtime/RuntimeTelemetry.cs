using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace SecureInference.Runtime;

/// <summary>Measures waiting and running, and counts the requests that found no lane in time.</summary>
internal sealed partial class RuntimeTelemetry
{
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    private readonly ConcurrentDictionary<IQueueReading, bool> _queues = new();
    private readonly ILogger _logger;
    private readonly RefusalCounter _refused;
    private readonly Histogram<int> _rows;
    private readonly Histogram<double> _queueTime;
    private readonly Histogram<double> _runTime;
    private readonly Counter<long> _takenApart;
    private readonly Counter<long> _replaced;

    public RuntimeTelemetry(IMeterFactory meters, ILogger<RuntimeTelemetry> logger)
    {
        _logger = logger;
        _refused = new RefusalCounter(meters, "runtime", "Requests that found the queue full, or whose deadline passed.");
        var meter = meters.Create(SecureInferenceDefaults.TelemetryName);
        _rows = meter.CreateHistogram(
            "secure_inference.runtime.batch_rows", "{row}", "The rows of a run.", advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128] });
        _queueTime = meter.CreateHistogram("secure_inference.runtime.queue_time", "s", "Time that a request waited for a lane; 0 where it had one at once.", advice: Seconds);
        _runTime = meter.CreateHistogram("secure_inference.runtime.run_time", "s", "Time of a run, of one request or of a batch.", advice: Seconds);
        _takenApart = meter.CreateCounter<long>("secure_inference.runtime.batches_taken_apart", "{batch}", "Batches that failed, and whose requests were run one by one.");
        meter.CreateObservableUpDownCounter("secure_inference.runtime.queue_length", () => Read(static queue => queue.Waiting), "{request}", "Requests that wait for a lane.");
        meter.CreateObservableUpDownCounter("secure_inference.runtime.lanes", ReadLanes, "{lane}", "Lanes of the versions that are loaded, by what they do.");
        _replaced = meter.CreateCounter<long>("secure_inference.runtime.lanes_replaced", "{lane}", "Lanes whose thread died, and was replaced.");
    }

    /// <summary>Measures how full a queue is, until it is forgotten.</summary>
    public void Follow(IQueueReading queue) => _queues[queue] = true;

    public void Forget(IQueueReading queue) => _queues.TryRemove(queue, out _);

    public void Refused(string model, InferenceError error) =>
        _refused.Count(model, "rule", error.Code == InferenceErrorCode.QueueFull ? "queue_full" : "draining");

    public void DeadlineExceeded(string model) => _refused.Count(model, "rule", "deadline_exceeded");

    /// <summary>Measures a run.</summary>
    public void Ran(string model, int rows, TimeSpan time)
    {
        var tag = new KeyValuePair<string, object?>("model", model);
        if (_rows.Enabled)
        {
            _rows.Record(rows, tag);
        }

        if (_runTime.Enabled)
        {
            _runTime.Record(time.TotalSeconds, tag);
        }
    }

    /// <summary>Measures how long one of the requests of a run had waited.</summary>
    public void Waited(string model, TimeSpan time)
    {
        if (_queueTime.Enabled)
        {
            _queueTime.Record(time.TotalSeconds, new KeyValuePair<string, object?>("model", model));
        }
    }

    public void BatchTakenApart(string model)
    {
        if (_takenApart.Enabled)
        {
            _takenApart.Add(1, new KeyValuePair<string, object?>("model", model));
        }
    }

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

    // Versions of a model are one model here: two numbers under one name would be one of them.
    private IEnumerable<Measurement<int>> Read(Func<IQueueReading, int> read, params KeyValuePair<string, object?>[] tags) => _queues.Keys
        .GroupBy(static queue => queue.Metadata.Name, StringComparer.Ordinal)
        .Select(queues => new Measurement<int>(queues.Sum(read), [new("model", queues.Key), .. tags]));

    private IEnumerable<Measurement<int>> ReadLanes() =>
    [
        .. Read(static queue => queue.BusyLanes, new KeyValuePair<string, object?>("state", "busy")),
        .. Read(static queue => queue.Lanes - queue.BusyLanes, new KeyValuePair<string, object?>("state", "idle")),
    ];
}
