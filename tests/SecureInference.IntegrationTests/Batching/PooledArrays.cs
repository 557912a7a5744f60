using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Globalization;

namespace SecureInference.IntegrationTests.Batching;

/// <summary>Counts the arrays that the process rents from the shared pool of bytes and gives back, by what the pool itself says.</summary>
internal sealed class PooledArrays : EventListener
{
    private const string Pool = "System.Buffers.ArrayPoolEventSource";
    private const int Rented = 1;
    private const int Allocated = 2;
    private const int Returned = 3;
    private const int Trimmed = 4;
    private const int Dropped = 6;

    private readonly ConcurrentDictionary<int, int> _outByLength = new();
    private readonly ConcurrentDictionary<int, int> _outByArray = new();
    private int _returnedTwice;
    private long _keptBytes;

    /// <summary>Gets the bytes of the arrays that are out or in the pool, which keeps as many as it ever had out, and lets them go after minutes.</summary>
    public long KeptBytes => Volatile.Read(ref _keptBytes);

    /// <summary>Gets the arrays that were rented, since this began to count, and are still out, by length.</summary>
    public IReadOnlyDictionary<int, int> Out => _outByLength.Where(static pair => pair.Value != 0).ToDictionary();

    /// <summary>Gets how many arrays were given back by somebody who did not have them.</summary>
    public int ReturnedTwice => Volatile.Read(ref _returnedTwice);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Pool)
        {
            EnableEvents(eventSource, EventLevel.Verbose);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // The fields are null for events that come while the base class is still being made.
        if (_outByLength is null || _outByArray is null || eventData.Payload is not [int array, int length, int pool, ..] || pool != ArrayPool<byte>.Shared.GetHashCode())
        {
            return;
        }

        switch (eventData.EventId)
        {
            case Rented:
                CountOut(array, length, 1);
                break;
            case Returned:
                CountOut(array, length, -1);
                break;
            case Allocated:
                Interlocked.Add(ref _keptBytes, length);
                break;
            case Trimmed or Dropped:
                Interlocked.Add(ref _keptBytes, -length);
                break;
        }
    }

    public override string ToString() => string.Join(", ", Out.OrderBy(static pair => pair.Key).Select(static pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value} of {pair.Key}")));

    private void CountOut(int array, int length, int change)
    {
        if (change < 0 && !_outByArray.ContainsKey(array))
        {
            // It was rented before anybody counted.
            return;
        }

        // The pool speaks of a rent before the renter has the array, and of a return after it has it back: no order of threads lets one array be out less than not at all.
        if (_outByArray.AddOrUpdate(array, change, (_, count) => count + change) < 0)
        {
            Interlocked.Increment(ref _returnedTwice);
        }

        _outByLength.AddOrUpdate(length, change, (_, count) => count + change);
    }
}
