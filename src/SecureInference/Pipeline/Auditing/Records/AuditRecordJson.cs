using System.Text.Json;

namespace SecureInference.Pipeline.Auditing.Records;

/// <summary>Writes a record as a JSON object, for people and for collectors of logs; fields that a record has not are left out.</summary>
internal static class AuditRecordJson
{
    public static string NameOf(AuditRecordKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    public static void Write(Utf8JsonWriter json, AuditRecord record)
    {
        json.WriteStartObject();
        json.WriteString("kind"u8, NameOf(record.Kind));
        json.WriteNumber("sequence"u8, record.Sequence);
        json.WriteString("time"u8, record.Time);
        Text(json, "requestId"u8, record.RequestId);
        Text(json, "traceId"u8, record.TraceId);
        Text(json, "caller"u8, record.Caller);
        Text(json, "credentialId"u8, record.CredentialId);
        Text(json, "method"u8, record.Method);
        Text(json, "certificate"u8, record.Certificate);
        Text(json, "network"u8, record.Network);
        Text(json, "address"u8, record.Address);
        Text(json, "operation"u8, record.Operation);
        Text(json, "model"u8, record.Model);
        Text(json, "modelVersion"u8, record.ModelVersion);
        Text(json, "modelDigest"u8, record.ModelDigest);
        Text(json, "decision"u8, record.Decision);
        Text(json, "rule"u8, record.Rule);
        Text(json, "wouldRefuse"u8, record.WouldRefuse);
        Tensors(json, "inputs"u8, record.Inputs, "inputCount"u8, record.InputCount);
        Tensors(json, "outputs"u8, record.Outputs, "outputCount"u8, record.OutputCount);
        Text(json, "inputCommitment"u8, record.InputCommitment);
        Text(json, "outputCommitment"u8, record.OutputCommitment);
        Numbers(json, record);
        Text(json, "detail"u8, record.Detail);
        Text(json, "publicKey"u8, record.PublicKey);
        Number(json, "logSize"u8, record.LogSize);
        json.WriteEndObject();
    }

    private static void Numbers(Utf8JsonWriter json, AuditRecord record)
    {
        Number(json, "status"u8, record.Status);
        Number(json, "rows"u8, record.Rows);
        Number(json, "cost"u8, record.Cost);
        Number(json, "queueUs"u8, (long?)record.QueueTime?.TotalMicroseconds);
        Number(json, "runUs"u8, (long?)record.RunTime?.TotalMicroseconds);
        Number(json, "durationUs"u8, (long?)record.Duration?.TotalMicroseconds);
        Number(json, "count"u8, record.Count);
    }

    private static void Tensors(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<AuditTensor> tensors, ReadOnlySpan<byte> countName, int count)
    {
        if (count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var tensor in tensors)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, tensor.Name);
            json.WriteString("datatype"u8, tensor.DataType.ToProtocolName());
            json.WriteStartArray("shape"u8);
            foreach (var dimension in tensor.Shape)
            {
                json.WriteNumberValue(dimension);
            }

            json.WriteEndArray();
            json.WriteNumber("bytes"u8, tensor.Bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (count != tensors.Count)
        {
            json.WriteNumber(countName, count);
        }
    }

    private static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void Number(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is not null)
        {
            json.WriteNumber(name, value.Value);
        }
    }
}
