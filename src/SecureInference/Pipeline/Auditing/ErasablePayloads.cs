using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Pipeline.Auditing;

/// <summary>Erases, and says in the log what was erased.</summary>
internal sealed class ErasablePayloads(AuditLog log, TimeProvider time) : IAuditPayloads
{
    public int EraseRequest(string requestId, string reason)
    {
        ArgumentNullException.ThrowIfNull(requestId);
        if (!RequestName.TryParse(requestId, out var name))
        {
            throw new ArgumentException($"'{requestId}' is no request id. Write one as records have it, for example 0123456789abcdef-42.", nameof(requestId));
        }

        return Say(log.Payloads?.EraseRequest(name) ?? 0, requestId, caller: null, reason);
    }

    public int EraseCaller(string caller, string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(caller);
        return Say(log.Payloads?.EraseCaller(caller) ?? 0, requestId: null, caller, reason);
    }

    private int Say(int count, string? requestId, string? caller, string reason)
    {
        log.Note(new AuditRecord
        {
            Kind = AuditRecordKind.Tombstone,
            Time = time.GetUtcNow(),
            RequestId = requestId,
            Caller = caller,
            Count = count,
            Detail = string.IsNullOrEmpty(reason) ? null : reason,
        });
        return count;
    }
}
