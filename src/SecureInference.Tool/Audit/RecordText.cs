using System.Globalization;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Tool.Audit;

/// <summary>Says in a few words what a record tells.</summary>
internal static class RecordText
{
    public static string What(AuditRecord record) => TerminalText.Clean(record.Kind switch
    {
        AuditRecordKind.Decision when record.Decision == "refuse" => $"refused: {record.Rule ?? "no rule"}",
        AuditRecordKind.Decision => record.Operation == "infer" ? "allowed" : $"allowed: {record.Operation}",
        AuditRecordKind.Outcome => string.Create(CultureInfo.InvariantCulture, $"answered {record.Status}") + (record.Rule is { } rule ? $": {rule}" : ""),
        AuditRecordKind.Refusals => string.Create(CultureInfo.InvariantCulture, $"{record.Count} strangers: {record.Rule}, {record.Network}"),
        AuditRecordKind.Gap => string.Create(CultureInfo.InvariantCulture, $"{record.Count} records lost"),
        AuditRecordKind.Recovery => string.Create(CultureInfo.InvariantCulture, $"recovery: {record.Count ?? 0} bytes cut"),
        AuditRecordKind.Tombstone => string.Create(CultureInfo.InvariantCulture, $"erased {record.Count ?? 0} payloads"),
        _ => AuditRecordJson.NameOf(record.Kind) + (record.Detail is { } detail ? $": {detail}" : ""),
    });

    public static string Model(AuditRecord record) => record.Model is { } model ? TerminalText.Clean(record.ModelVersion is { } version ? $"{model} {version}" : model) : "";

    public static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    public static string Milliseconds(TimeSpan? time) => time?.TotalMilliseconds is not { } milliseconds ? ""
        : milliseconds.ToString(milliseconds < 10 ? "0.00" : milliseconds < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
