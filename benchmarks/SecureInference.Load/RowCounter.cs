using System.Diagnostics.Metrics;

namespace SecureInference.Load;

/// <summary>Counts the runs of lanes and their rows, as the server's own meter tells them. Runs on a request's own thread are not told.</summary>
internal sealed class RowCounter : IDisposable
{
    private readonly MeterListener _listener = new()
    {
        InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "secure_inference.runtime.batch_rows")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        },
    };

    private long _runs;
    private long _rows;

    public RowCounter()
    {
        _listener.SetMeasurementEventCallback<int>((_, rows, _, _) =>
        {
            Interlocked.Increment(ref _runs);
            Interlocked.Add(ref _rows, rows);
        });
        _listener.Start();
    }

    public long Runs => Volatile.Read(ref _runs);

    public long Rows => Volatile.Read(ref _rows);

    public void Dispose() => _listener.Dispose();
}
