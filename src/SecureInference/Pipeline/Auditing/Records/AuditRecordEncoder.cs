using System.Globalization;
using System.Net;

namespace SecureInference.Pipeline.Auditing.Records;

/// <summary>Writes a record that is there as an object: the rare kinds, which are not of a request.</summary>
internal static class AuditRecordEncoder
{
    private static readonly string[] Operations = ["none", "health", "discover", "read", "infer", "admin"];
    private static readonly string[] Decisions = ["none", "allow", "refuse"];

    public static byte[] Encode(AuditRecord record)
    {
        var buffer = new byte[AuditFormat.MaxRecordBytes];
        return buffer[..Encode(record, buffer)];
    }

    public static int Encode(AuditRecord record, Span<byte> target)
    {
        var writer = new AuditRecordWriter(target, record.Kind, record.Time);
        WhoAndWhat(ref writer, record);
        writer.Text(AuditField.Rule, record.Rule);
        writer.Text(AuditField.WouldRefuse, record.WouldRefuse);
        if (record.InputCount > 0)
        {
            writer.Tensors(AuditField.Inputs, record.InputCount, record.Inputs);
        }

        if (record.OutputCount > 0)
        {
            writer.Tensors(AuditField.Outputs, record.OutputCount, record.Outputs);
        }

        writer.Hash(AuditField.InputCommitment, record.InputCommitment);
        writer.Hash(AuditField.OutputCommitment, record.OutputCommitment);
        Numbers(ref writer, record);
        writer.Text(AuditField.Detail, record.Detail);
        writer.Bytes(AuditField.PublicKey, record.PublicKey is { } key ? Convert.FromHexString(key) : []);
        writer.Number(AuditField.LogSize, record.LogSize);
        return writer.Length;
    }

    /// <summary>Returns the number that stands for an operation; 0 for an endpoint that declares none.</summary>
    public static byte CodeOf(InferenceOperation? operation) => operation is { } known ? (byte)((int)known + 1) : (byte)0;

    public static string? OperationOf(ReadOnlySpan<byte> code) => NameOf(Operations, code);

    public static string? DecisionOf(ReadOnlySpan<byte> code) => code is [0] ? null : NameOf(Decisions, code);

    private static void WhoAndWhat(ref AuditRecordWriter writer, AuditRecord record)
    {
        if (record.RequestId is { } id)
        {
            writer.Request(RequestName.TryParse(id, out var name) ? name : throw new FormatException($"'{id}' is no request id."));
        }

        writer.Bytes(AuditField.Trace, record.TraceId is { } trace ? Convert.FromHexString(trace) : []);
        writer.Text(AuditField.Caller, record.Caller);
        writer.Text(AuditField.Credential, record.CredentialId);
        writer.Text(AuditField.Method, record.Method);
        writer.Hash(AuditField.Certificate, record.Certificate);
        if (record.Network is { } network)
        {
            writer.Network(network);
        }

        writer.Bytes(AuditField.Address, record.Address is { } address ? IPAddress.Parse(address).GetAddressBytes() : []);
        Code(ref writer, AuditField.Operation, Operations, record.Operation);
        writer.Text(AuditField.Model, record.Model);
        writer.Text(AuditField.ModelVersion, record.ModelVersion);
        writer.Hash(AuditField.ModelDigest, record.ModelDigest);
        Code(ref writer, AuditField.Decision, Decisions, record.Decision);
    }

    private static void Numbers(ref AuditRecordWriter writer, AuditRecord record)
    {
        writer.Number(AuditField.Status, record.Status);
        writer.Number(AuditField.Rows, record.Rows);
        writer.Number(AuditField.Cost, record.Cost);
        writer.Time(AuditField.QueueTime, record.QueueTime);
        writer.Time(AuditField.RunTime, record.RunTime);
        writer.Time(AuditField.Duration, record.Duration);
        writer.Number(AuditField.Count, record.Count);
    }

    private static void Code(ref AuditRecordWriter writer, AuditField field, string[] names, string? name)
    {
        if (name is not null)
        {
            var code = Array.IndexOf(names, name);
            writer.Code(field, code >= 0 ? (byte)code : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{name}' is no {field}.")));
        }
    }

    private static string? NameOf(string[] names, ReadOnlySpan<byte> code) => code.Length == 1 && code[0] < names.Length ? names[code[0]] : null;
}
