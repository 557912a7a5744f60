using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Pipeline.Auditing;

/// <summary>Finds the keys that the operator keeps.</summary>
internal static class AuditKeys
{
    public const string KeyVariable = "SECUREINFERENCE_AUDIT_KEY";
    public const string PreviousKeyVariable = "SECUREINFERENCE_AUDIT_PREVIOUS_KEY";
    public const string PayloadKeyVariable = "SECUREINFERENCE_AUDIT_PAYLOAD_KEY";
    private const int PayloadKeyBytes = 32;

    /// <summary>Finds the key that signs checkpoints; <see langword="null"/> where none is configured.</summary>
    public static LogKeys? Find(AuditOptions options, string root)
    {
        try
        {
            return options.KeyFile is { } file
                ? LogKeys.FromFile(Path.Combine(root, file), options.PreviousKeyFile is { } previous ? Path.Combine(root, previous) : null)
                : Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } pem
                ? LogKeys.FromPem(pem, Environment.GetEnvironmentVariable(PreviousKeyVariable) is { Length: > 0 } before ? before : null)
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new InvalidOperationException(
                $"The key that signs the audit log cannot be used: {exception.Message} Write a PEM file of an ECDSA P-256 key with mode 0600 into SecureInference:Audit:KeyFile, or its text into {KeyVariable}.", exception);
        }
    }

    /// <summary>Finds the key that wraps the callers' keys.</summary>
    public static byte[] FindPayloadKey(AuditOptions options, string root)
    {
        var text = options.PayloadKeyFile is { } file ? Read(Path.Combine(root, file)) : Environment.GetEnvironmentVariable(PayloadKeyVariable);
        var key = new byte[PayloadKeyBytes];
        return text is not null && Convert.TryFromBase64String(text.Trim(), key, out var length) && length == PayloadKeyBytes
            ? key
            : throw new InvalidOperationException(
                $"Audit:Payloads is Stored, and the key for it cannot be read. Write 32 random bytes in base64 (openssl rand -base64 32) into a file that nobody else may read, "
                + $"and its name into SecureInference:Audit:PayloadKeyFile; or the text into {PayloadKeyVariable}.");
    }

    private static string? Read(string file)
    {
        try
        {
            var path = Path.GetFullPath(file);
            return new DiskFolder(Path.GetDirectoryName(path) ?? path).IsOpenToOthers(Path.GetFileName(path))
                ? throw new InvalidOperationException(
                    $"Others may read '{file}', which holds the key for stored payloads. Set its mode to 0600 (chmod 600 {file}); where others may have read it, make a new one.")
                : File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
