using SecureInference.Pipeline.Auditing;

namespace SecureInference.Tests.Pipeline.Auditing.Records;

/// <summary>One record of each kind, with every field that it may hold.</summary>
internal static class SomeRecords
{
    private static readonly DateTimeOffset Time = new(2026, 11, 30, 12, 34, 56, 789, TimeSpan.Zero);
    private static readonly string Hash = string.Concat(Enumerable.Repeat("a1b2", 16));

    public static AuditRecord Of(AuditRecordKind kind) => kind switch
    {
        AuditRecordKind.Decision => Request(kind) with
        {
            Decision = "allow",
            Rule = "not_run",
            Inputs = [new AuditTensor("image", TensorDataType.Float32, [2, 784], 6272), new AuditTensor("", TensorDataType.Bytes, [], 4) { Name = "α" }],
            InputCount = 3,
            InputCommitment = Hash,
        },
        AuditRecordKind.Outcome => Request(kind) with
        {
            Rule = "deadline_exceeded",
            WouldRefuse = "rate_limited",
            Outputs = [new AuditTensor("scores", TensorDataType.Float64, [2, 10], 160)],
            OutputCount = 1,
            OutputCommitment = Hash,
            Status = 504,
            Rows = 2,
            Cost = 300,
            QueueTime = TimeSpan.FromTicks(12_345),
            RunTime = TimeSpan.FromMilliseconds(3),
            Duration = TimeSpan.FromSeconds(2),
        },
        AuditRecordKind.Refusals => Plain(kind) with { Network = "2001:db8:1200::/56", Decision = "refuse", Rule = "key_unknown", Count = 100_000 },
        AuditRecordKind.Gap => Plain(kind) with { Count = 6, Detail = "the queue was full" },
        AuditRecordKind.Start or AuditRecordKind.Stop => Plain(kind) with { Detail = "0.1.0" },
        AuditRecordKind.Recovery => Plain(kind) with { Count = 17, Detail = "quarantine-000000000001-4096", LogSize = 1_000 },
        AuditRecordKind.KeyIntroduced => Plain(kind) with { PublicKey = "3059", Detail = "a new key" },
        AuditRecordKind.Tombstone => Plain(kind) with { RequestId = "00000000000000aa-7", Caller = "shop", Count = 2, Detail = "asked for" },
        AuditRecordKind.ModelLoaded => Plain(kind) with { Model = "digits", ModelVersion = "2", ModelDigest = Hash },
        AuditRecordKind.ModelRefused => Plain(kind) with { Model = "digits", ModelVersion = "3", Rule = "signature_missing", Detail = "no signature" },
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static AuditRecord Plain(AuditRecordKind kind) => new() { Kind = kind, Time = Time };

    private static AuditRecord Request(AuditRecordKind kind) => Plain(kind) with
    {
        RequestId = "0123456789abcdef-18446744073709551615",
        TraceId = "0af7651916cd43dd8448eb211c80319c",
        Caller = "shop",
        CredentialId = "k7",
        Method = "ClientCertificate",
        Certificate = Hash,
        Network = "203.0.113.0/24",
        Address = "203.0.113.7",
        Operation = "infer",
        Model = "digits",
        ModelVersion = "2",
        ModelDigest = Hash,
    };
}
