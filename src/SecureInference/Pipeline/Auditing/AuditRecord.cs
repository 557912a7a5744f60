namespace SecureInference.Pipeline.Auditing;

/// <summary>One record of the audit log. It holds no payload and no secret.</summary>
public sealed record AuditRecord
{
    /// <summary>Gets what the record tells.</summary>
    public required AuditRecordKind Kind { get; init; }

    /// <summary>Gets the record's place in the log, from 0: the index of its leaf in the tree.</summary>
    public long Sequence { get; init; }

    /// <summary>Gets when it happened.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Gets the name of the request, the same in its decision and its outcome; unlike a trace id, a caller cannot choose it.</summary>
    public string? RequestId { get; init; }

    /// <summary>Gets the W3C trace id, as it stands in error bodies.</summary>
    public string? TraceId { get; init; }

    /// <summary>Gets who called.</summary>
    public string? Caller { get; init; }

    /// <summary>Gets the public identifier of the credential.</summary>
    public string? CredentialId { get; init; }

    /// <summary>Gets how the caller was recognised.</summary>
    public string? Method { get; init; }

    /// <summary>Gets the lower-case hexadecimal SHA-256 of the client certificate that the caller was recognised by.</summary>
    public string? Certificate { get; init; }

    /// <summary>Gets the network of the caller: /24 of IPv4, /56 of IPv6, or <c>loopback</c>.</summary>
    public string? Network { get; init; }

    /// <summary>Gets the address of the caller, where <see cref="AuditOptions.IncludeAddress"/> asks for it.</summary>
    public string? Address { get; init; }

    /// <summary>Gets what was asked for: an operation of the endpoint.</summary>
    public string? Operation { get; init; }

    /// <summary>Gets the model, where the caller may see it.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the version that answered.</summary>
    public string? ModelVersion { get; init; }

    /// <summary>Gets the lower-case hexadecimal SHA-256 of the model's files.</summary>
    public string? ModelDigest { get; init; }

    /// <summary>Gets <c>allow</c> or <c>refuse</c>.</summary>
    public string? Decision { get; init; }

    /// <summary>Gets the rule that refused, or the reason of a failure.</summary>
    public string? Rule { get; init; }

    /// <summary>Gets the rule that would have refused, where limits are only tried out.</summary>
    public string? WouldRefuse { get; init; }

    /// <summary>Gets the inputs, as many as there is room for.</summary>
    public IReadOnlyList<AuditTensor> Inputs { get; init; } = [];

    /// <summary>Gets how many inputs there were, also where not all of them are listed.</summary>
    public int InputCount { get; init; }

    /// <summary>Gets the outputs, as many as there is room for.</summary>
    public IReadOnlyList<AuditTensor> Outputs { get; init; } = [];

    /// <summary>Gets how many outputs there were, also where not all of them are listed.</summary>
    public int OutputCount { get; init; }

    /// <summary>Gets the lower-case hexadecimal commitment to the inputs, where payloads are committed to.</summary>
    public string? InputCommitment { get; init; }

    /// <summary>Gets the lower-case hexadecimal commitment to the outputs, where payloads are committed to.</summary>
    public string? OutputCommitment { get; init; }

    /// <summary>Gets the HTTP status; 499 where the caller went away.</summary>
    public int? Status { get; init; }

    /// <summary>Gets the rows that were run.</summary>
    public int? Rows { get; init; }

    /// <summary>Gets the tokens that the request was charged.</summary>
    public long? Cost { get; init; }

    /// <summary>Gets how long the request waited for a lane.</summary>
    public TimeSpan? QueueTime { get; init; }

    /// <summary>Gets how long the run of the request took.</summary>
    public TimeSpan? RunTime { get; init; }

    /// <summary>Gets the time from arrival to the end of the answer.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Gets how many requests, or lost records, the record stands for.</summary>
    public long? Count { get; init; }

    /// <summary>Gets what else there is to say: which version started, what was erased, why a model was not loaded.</summary>
    public string? Detail { get; init; }

    /// <summary>Gets the public key that is introduced, as lower-case hexadecimal DER (SubjectPublicKeyInfo).</summary>
    public string? PublicKey { get; init; }

    /// <summary>Gets the records that the log held before a recovery.</summary>
    public long? LogSize { get; init; }
}
