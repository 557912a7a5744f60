using System.Collections.Concurrent;
using System.Diagnostics;

namespace SecureInference.TestSupport;

/// <summary>Keeps every span that ends. There is one source for the process: tests that listen must not run beside others.</summary>
public sealed class CollectedSpans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public CollectedSpans()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == SecureInferenceDefaults.TelemetryName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<Activity> All => [.. _ended];

    /// <summary>The spans of one name, as the source calls them.</summary>
    public IReadOnlyList<Activity> Of(string name) => [.. _ended.Where(span => span.OperationName == name)];

    public void Dispose() => _listener.Dispose();
}
