using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Pipeline.Auditing;

/// <summary>Which fields the records of requests hold.</summary>
internal sealed class RecordForm
{
    /// <summary>The fields that may be left out, by the names that people write.</summary>
    public static readonly IReadOnlyDictionary<string, AuditField[]> Optional = new Dictionary<string, AuditField[]>(StringComparer.OrdinalIgnoreCase)
    {
        ["TraceId"] = [AuditField.Trace],
        ["CredentialId"] = [AuditField.Credential],
        ["Certificate"] = [AuditField.Certificate],
        ["Network"] = [AuditField.Network],
        ["ModelDigest"] = [AuditField.ModelDigest],
        ["Tensors"] = [AuditField.Inputs, AuditField.Outputs],
    };

    public RecordForm(AuditOptions options)
    {
        IncludesAddress = options.IncludeAddress;
        foreach (var field in options.OmitFields.SelectMany(static name => Optional.GetValueOrDefault(name) ?? []))
        {
            Omitted |= 1u << (int)field;
        }
    }

    /// <summary>Gets the fields that are left out, a bit each.</summary>
    public uint Omitted { get; }

    public bool IncludesAddress { get; }
}
