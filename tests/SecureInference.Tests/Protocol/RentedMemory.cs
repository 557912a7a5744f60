using System.Diagnostics.Tracing;

namespace SecureInference.Tests.Protocol;

/// <summary>Counts what one test rents from the shared pool and does not give back.</summary>
internal sealed class RentedMemory : EventListener
{
    private const string Pool = "System.Buffers.ArrayPoolEventSource";
    private static readonly AsyncLocal<RentedMemory?> Watcher = new();
    private int _rented;
    private int _returned;

    private RentedMemory()
    {
    }

    public int Rented => Volatile.Read(ref _rented);

    public int Outstanding => Rented - Volatile.Read(ref _returned);

    /// <summary>Watches what is done from here on, by this flow of control and those it starts.</summary>
    public static RentedMemory Watch() => Watcher.Value = new RentedMemory();

    public override void Dispose()
    {
        Watcher.Value = null;
        base.Dispose();
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Pool)
        {
            EnableEvents(eventSource, EventLevel.Verbose);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // The pool tells on the thread that rents; other tests' renting is not ours.
        if (Watcher.Value == this)
        {
            _ = eventData.EventName switch
            {
                "BufferRented" => Interlocked.Increment(ref _rented),
                "BufferReturned" => Interlocked.Increment(ref _returned),
                _ => 0,
            };
        }
    }
}
