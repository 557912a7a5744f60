using System.Diagnostics.Metrics;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>Counts the bytes that Kestrel keeps for the next connections, by its own metric: it frees them over minutes.</summary>
internal sealed class PooledBlocks : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _bytes;

    public PooledBlocks()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "aspnetcore.memory_pool.pooled")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, bytes, _, _) => Interlocked.Add(ref _bytes, bytes));
        _listener.Start();
    }

    public long Bytes => Volatile.Read(ref _bytes);

    public void Dispose() => _listener.Dispose();
}
