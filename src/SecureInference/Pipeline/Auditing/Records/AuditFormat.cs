namespace SecureInference.Pipeline.Auditing.Records;

/// <summary>The sizes of the binary form, and which fields each kind of record holds.</summary>
internal static class AuditFormat
{
    /// <summary>Stands first in each record. Whoever changes what a record may hold gives it another.</summary>
    public const byte Schema = 1;

    /// <summary>Schema, kind, and the time in eight bytes.</summary>
    public const int HeaderBytes = 10;

    /// <summary>The number of a field, and its length in two bytes.</summary>
    public const int FieldHeaderBytes = 3;

    /// <summary>No name that anybody gives by hand is longer; what is, is cut and keeps its hash.</summary>
    public const int MaxTextBytes = 256;

    public const int MaxTensorListBytes = 1024;

    public const int MaxKeyBytes = 1024;

    public const int HashBytes = 32;

    public const int TraceBytes = 16;

    /// <summary>What the longest record takes: every field there is, at its longest.</summary>
    public const int MaxRecordBytes = 4096;

    public const int MaxRank = 16;

    private const uint OfRequests = 1u << (int)AuditField.Request | 1u << (int)AuditField.Trace | 1u << (int)AuditField.Caller
        | 1u << (int)AuditField.Credential | 1u << (int)AuditField.Method | 1u << (int)AuditField.Certificate | 1u << (int)AuditField.Network
        | 1u << (int)AuditField.Address | 1u << (int)AuditField.Operation | OfModels | 1u << (int)AuditField.Rule;

    private const uint OfModels = 1u << (int)AuditField.Model | 1u << (int)AuditField.ModelVersion | 1u << (int)AuditField.ModelDigest;

    private const uint OfOutcomes = 1u << (int)AuditField.WouldRefuse | 1u << (int)AuditField.Outputs | 1u << (int)AuditField.OutputCommitment
        | 1u << (int)AuditField.Status | 1u << (int)AuditField.Rows | 1u << (int)AuditField.Cost | 1u << (int)AuditField.QueueTime
        | 1u << (int)AuditField.RunTime | 1u << (int)AuditField.Duration;

    private const uint Detail = 1u << (int)AuditField.Detail;

    private const uint Count = 1u << (int)AuditField.Count;

    /// <summary>Returns the fields that a kind may hold, a bit each; none where there is no such kind.</summary>
    public static uint AllowedIn(AuditRecordKind kind) => kind switch
    {
        AuditRecordKind.Decision => OfRequests | 1u << (int)AuditField.Decision | 1u << (int)AuditField.Inputs | 1u << (int)AuditField.InputCommitment,
        AuditRecordKind.Outcome => OfRequests | OfOutcomes,
        AuditRecordKind.Refusals => 1u << (int)AuditField.Network | 1u << (int)AuditField.Decision | 1u << (int)AuditField.Rule | Count,
        AuditRecordKind.Gap => Count | Detail,
        AuditRecordKind.Start or AuditRecordKind.Stop => Detail,
        AuditRecordKind.Recovery => Count | Detail | 1u << (int)AuditField.LogSize,
        AuditRecordKind.KeyIntroduced => Detail | 1u << (int)AuditField.PublicKey,
        AuditRecordKind.Tombstone => 1u << (int)AuditField.Request | 1u << (int)AuditField.Caller | Count | Detail,
        AuditRecordKind.ModelLoaded or AuditRecordKind.ModelRefused => OfModels | 1u << (int)AuditField.Rule | Detail,
        _ => 0,
    };

    /// <summary>Returns the fields that a kind holds always.</summary>
    public static uint RequiredIn(AuditRecordKind kind) => kind switch
    {
        AuditRecordKind.Decision => 1u << (int)AuditField.Request | 1u << (int)AuditField.Operation | 1u << (int)AuditField.Decision,
        AuditRecordKind.Outcome => 1u << (int)AuditField.Request | 1u << (int)AuditField.Operation | 1u << (int)AuditField.Status,
        AuditRecordKind.Refusals => 1u << (int)AuditField.Network | 1u << (int)AuditField.Rule | Count,
        AuditRecordKind.Gap => Count,
        AuditRecordKind.KeyIntroduced => 1u << (int)AuditField.PublicKey,
        AuditRecordKind.ModelLoaded or AuditRecordKind.ModelRefused => 1u << (int)AuditField.Model,
        _ => 0,
    };
}
