using System.Collections.Concurrent;

namespace SecureInference.Runtime.Batching;

/// <summary>Requests to be used again, as many as have ever waited at once.</summary>
internal sealed class RequestPool(LanePool lanes)
{
    private readonly ConcurrentQueue<QueuedRequest> _free = new();

    public QueuedRequest Rent() => _free.TryDequeue(out var request) ? request : new QueuedRequest(this, lanes);

    public void Return(QueuedRequest request) => _free.Enqueue(request);
}
