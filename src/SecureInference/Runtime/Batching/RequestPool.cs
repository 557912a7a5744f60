using System.Collections.Concurrent;

namespace SecureInference.Runtime.Batching;

/// <summary>Requests to be used again, as many as have ever waited at once.</summary>
internal sealed class RequestPool(LanePool lanes)
{
    private readonly ConcurrentQueue<QueuedRequest> _free = new();
    private int _made;

    /// <summary>Gets the requests that are out: none, where nobody asks.</summary>
    public int Rented => Volatile.Read(ref _made) - _free.Count;

    public QueuedRequest Rent() => _free.TryDequeue(out var request) ? request : Make();

    public void Return(QueuedRequest request) => _free.Enqueue(request);

    private QueuedRequest Make()
    {
        Interlocked.Increment(ref _made);
        return new QueuedRequest(this, lanes);
    }
}
