namespace SecureInference.Pipeline.Auditing;

/// <summary>Erases payloads. The log stays whole: what it committed to cannot be linked to anything any more, and a record says what was erased.</summary>
public interface IAuditPayloads
{
    /// <summary>Erases the salts and payloads of one request.</summary>
    /// <param name="requestId">The request, as its records name it.</param>
    /// <param name="reason">Why, for the record.</param>
    /// <returns>How many entries were erased.</returns>
    int EraseRequest(string requestId, string reason);

    /// <summary>Erases the salts, payloads and key of one caller.</summary>
    /// <param name="caller">The caller, as records name it.</param>
    /// <param name="reason">Why, for the record.</param>
    /// <returns>How many entries were erased.</returns>
    int EraseCaller(string caller, string reason);
}
