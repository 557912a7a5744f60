using System.Globalization;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Tool.Audit;

/// <summary>Shows a person one record, a fact a line.</summary>
internal sealed class RecordView(ToolConsole console)
{
    public void Show(AuditRecord record)
    {
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Record {record.Sequence}: {AuditRecordJson.NameOf(record.Kind)}"));
        Line("time", record.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fffffff 'UTC'", CultureInfo.InvariantCulture));
        Line("request", record.RequestId);
        Line("trace", record.TraceId);
        Line("decision", record.Decision);
        Line("rule", record.Rule);
        Line("would refuse", record.WouldRefuse);
        Line("status", RecordText.Number(record.Status));
        Who(record);
        Line("operation", record.Operation);
        Line("model", record.Model);
        Line("version", record.ModelVersion);
        Line("model digest", record.ModelDigest);
        Tensors("input", record.Inputs, record.InputCount, record.InputCommitment);
        Tensors("output", record.Outputs, record.OutputCount, record.OutputCommitment);
        Numbers(record);
        Line("detail", record.Detail);
        Line("public key", record.PublicKey);
        Line("log size", RecordText.Number(record.LogSize));
        console.WriteLine();
    }

    private void Who(AuditRecord record)
    {
        Line("caller", record.Caller);
        Line("credential", record.CredentialId);
        Line("method", record.Method);
        Line("certificate", record.Certificate);
        Line("network", record.Network);
        Line("address", record.Address);
    }

    private void Numbers(AuditRecord record)
    {
        Line("rows", RecordText.Number(record.Rows));
        Line("cost", RecordText.Number(record.Cost));
        Line("queue ms", RecordText.Milliseconds(record.QueueTime));
        Line("run ms", RecordText.Milliseconds(record.RunTime));
        Line("in all ms", RecordText.Milliseconds(record.Duration));
        Line("count", RecordText.Number(record.Count));
    }

    private void Tensors(string name, IReadOnlyList<AuditTensor> tensors, int count, string? commitment)
    {
        foreach (var tensor in tensors)
        {
            Line(name, string.Create(CultureInfo.InvariantCulture, $"{tensor.Name} {tensor.DataType.ToProtocolName()}[{string.Join(',', tensor.Shape)}], {tensor.Bytes} bytes"));
        }

        if (count > tensors.Count)
        {
            Line(name, string.Create(CultureInfo.InvariantCulture, $"and {count - tensors.Count} more"));
        }

        Line("commitment", commitment);
    }

    private void Line(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            console.WriteLine($"  {name,-14}{value}");
        }
    }
}
