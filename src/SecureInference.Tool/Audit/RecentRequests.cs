using SecureInference.Pipeline.Auditing;

namespace SecureInference.Tool.Audit;

/// <summary>Remembers the newest requests: an outcome belongs to its decision, and a second outcome amends the first.</summary>
internal sealed class RecentRequests
{
    // Far more than run at once; an amendment follows within the time that an answer is sent.
    private const int MaxRequests = 65_536;

    private readonly Dictionary<string, Request> _requests = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public void Refuse(string id) => Set(id, new Request(true, null, null));

    /// <summary>Says whether a request was refused, and takes back its earlier outcome.</summary>
    public bool Conclude(string id, AuditRecord outcome, UsageCell cell)
    {
        var known = _requests.GetValueOrDefault(id);
        if (known is { Cell: { } earlierCell, Outcome: { } earlier })
        {
            earlierCell.Conclude(earlier, known.IsRefused, sign: -1);
        }

        Set(id, new Request(known?.IsRefused == true, cell, outcome));
        return known?.IsRefused == true;
    }

    private void Set(string id, Request request)
    {
        if (!_requests.ContainsKey(id))
        {
            _order.Enqueue(id);
        }

        _requests[id] = request;
        if (_order.Count > MaxRequests)
        {
            _requests.Remove(_order.Dequeue());
        }
    }

    private sealed record Request(bool IsRefused, UsageCell? Cell, AuditRecord? Outcome);
}
