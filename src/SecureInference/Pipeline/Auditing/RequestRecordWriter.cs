using Microsoft.AspNetCore.Http;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Pipeline.Auditing;

/// <summary>Writes what a request's two records have in common: who asks, and for what.</summary>
internal static class RequestRecordWriter
{
    /// <summary>The method by which callers are recognised whose credential is a certificate, and its identifier the hash of that.</summary>
    private const string CertificateMethod = "ClientCertificate";

    public static AuditRecordWriter Begin(
        Span<byte> target, RecordForm form, AuditRecordKind kind, DateTimeOffset time, RequestName name, HttpContext http, InferenceContext context, byte operation)
    {
        var writer = new AuditRecordWriter(target, kind, time, form.Omitted);
        Span<byte> trace = stackalloc byte[AuditFormat.TraceBytes];
        context.CopyTraceId(trace);
        writer.Request(name);
        writer.Bytes(AuditField.Trace, trace);
        if (context.Caller is { } caller)
        {
            writer.Text(AuditField.Caller, caller.Subject);
            writer.Text(AuditField.Credential, caller.CredentialId);
            writer.Text(AuditField.Method, caller.Method);
            writer.Hash(AuditField.Certificate, caller.Method == CertificateMethod ? caller.CredentialId : null);
        }

        writer.Network(ClientNetwork.Of(http));
        if (form.IncludesAddress)
        {
            Span<byte> address = stackalloc byte[16];
            ClientNetwork.AddressOf(http).TryWriteBytes(address, out var length);
            writer.Bytes(AuditField.Address, address[..length]);
        }

        writer.Code(AuditField.Operation, operation);
        writer.Text(AuditField.Model, context.Model);
        writer.Text(AuditField.ModelVersion, context.ModelVersion);
        writer.Hash(AuditField.ModelDigest, context.ModelDigest);
        return writer;
    }
}
