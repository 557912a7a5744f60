using System.Net;

namespace SecureInference.Pipeline.Auditing.Records;

/// <summary>A record while its fields are read.</summary>
internal sealed class AuditRecordDraft
{
    private const long NanosecondsPerTick = 100;
    private readonly string?[] _texts = new string?[(int)AuditField.LogSize + 1];
    private readonly long?[] _numbers = new long?[(int)AuditField.LogSize + 1];
    private IReadOnlyList<AuditTensor> _inputs = [];
    private IReadOnlyList<AuditTensor> _outputs = [];
    private int _inputCount;
    private int _outputCount;

    public bool TryRead(AuditField field, ReadOnlySpan<byte> value) => field switch
    {
        AuditField.Inputs => AuditTensorList.TryRead(value, out _inputCount, out _inputs) && _inputCount > 0,
        AuditField.Outputs => AuditTensorList.TryRead(value, out _outputCount, out _outputs) && _outputCount > 0,
        AuditField.Status or AuditField.Rows or AuditField.Cost or AuditField.Count or AuditField.LogSize => TryReadNumber(field, value, unit: 1),
        AuditField.QueueTime or AuditField.RunTime or AuditField.Duration => TryReadNumber(field, value, NanosecondsPerTick),
        _ => (_texts[(int)field] = TextOf(field, value)) is not null,
    };

    public AuditRecord Complete(AuditRecordKind kind, long sequence, DateTimeOffset time) => new()
    {
        Kind = kind,
        Sequence = sequence,
        Time = time,
        RequestId = Text(AuditField.Request),
        TraceId = Text(AuditField.Trace),
        Caller = Text(AuditField.Caller),
        CredentialId = Text(AuditField.Credential),
        Method = Text(AuditField.Method),
        Certificate = Text(AuditField.Certificate),
        Network = Text(AuditField.Network),
        Address = Text(AuditField.Address),
        Operation = Text(AuditField.Operation),
        Model = Text(AuditField.Model),
        ModelVersion = Text(AuditField.ModelVersion),
        ModelDigest = Text(AuditField.ModelDigest),
        Decision = Text(AuditField.Decision),
        Rule = Text(AuditField.Rule),
        WouldRefuse = Text(AuditField.WouldRefuse),
        Inputs = _inputs,
        InputCount = _inputCount,
        Outputs = _outputs,
        OutputCount = _outputCount,
        InputCommitment = Text(AuditField.InputCommitment),
        OutputCommitment = Text(AuditField.OutputCommitment),
        Status = (int?)Number(AuditField.Status),
        Rows = (int?)Number(AuditField.Rows),
        Cost = Number(AuditField.Cost),
        QueueTime = Time(AuditField.QueueTime),
        RunTime = Time(AuditField.RunTime),
        Duration = Time(AuditField.Duration),
        Count = Number(AuditField.Count),
        Detail = Text(AuditField.Detail),
        PublicKey = Text(AuditField.PublicKey),
        LogSize = Number(AuditField.LogSize),
    };

    private static string? TextOf(AuditField field, ReadOnlySpan<byte> value) => field switch
    {
        AuditField.Request => value.Length == RequestName.Bytes ? RequestName.Read(value).ToString() : null,
        AuditField.Trace => Hexadecimal(value, AuditFormat.TraceBytes),
        AuditField.Certificate or AuditField.ModelDigest or AuditField.InputCommitment or AuditField.OutputCommitment => Hexadecimal(value, AuditFormat.HashBytes),
        AuditField.PublicKey => value.Length <= AuditFormat.MaxKeyBytes ? Hexadecimal(value, value.Length) : null,
        AuditField.Network => AuditNetwork.Read(value),
        AuditField.Address => value.Length is 4 or 16 ? new IPAddress(value).ToString() : null,
        AuditField.Operation => AuditRecordEncoder.OperationOf(value),
        AuditField.Decision => AuditRecordEncoder.DecisionOf(value),
        _ => AuditText.TryRead(value, out var text) ? text : null,
    };

    private static string? Hexadecimal(ReadOnlySpan<byte> value, int length) => value.Length == length ? Convert.ToHexStringLower(value) : null;

    // Within what the record's numbers hold: counts of rows and statuses are 32 bits long.
    private bool TryReadNumber(AuditField field, ReadOnlySpan<byte> value, long unit)
    {
        var most = field is AuditField.Status or AuditField.Rows ? int.MaxValue : long.MaxValue;
        if (!Varint.TryRead(ref value, out var number) || !value.IsEmpty || number > (ulong)most || number % (ulong)unit != 0)
        {
            return false;
        }

        _numbers[(int)field] = (long)number;
        return true;
    }

    private string? Text(AuditField field) => _texts[(int)field];

    private long? Number(AuditField field) => _numbers[(int)field];

    private TimeSpan? Time(AuditField field) => Number(field) is { } nanoseconds ? TimeSpan.FromTicks(nanoseconds / NanosecondsPerTick) : null;
}
