using System.Text;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>The key that signs a log, and the one before it, which introduces it.</summary>
internal sealed class LogKeys(SigningKey current, SigningKey? previous = null) : IDisposable
{
    private const int MaxKeyFileLength = 16 * 1024;

    public SigningKey Current => current;

    public SigningKey? Previous => previous;

    /// <summary>Reads keys from text, as an environment variable holds it.</summary>
    /// <exception cref="InvalidDataException">One is no private key of P-256.</exception>
    public static LogKeys FromPem(string pem, string? previousPem = null) =>
        new(SigningKey.FromPem(pem), previousPem is null ? null : SigningKey.FromPem(previousPem));

    /// <summary>Reads keys from files that only their owner may read.</summary>
    /// <exception cref="InvalidDataException">One is no private key of P-256, or others may read it.</exception>
    /// <exception cref="IOException">One cannot be read.</exception>
    public static LogKeys FromFile(string path, string? previousPath = null) =>
        new(ReadFile(path), previousPath is null ? null : ReadFile(previousPath));

    /// <summary>Reads the key that lies beside the log, or makes it. Who can write the folder can then write another log: it proves little against them.</summary>
    /// <exception cref="InvalidDataException">The file is no private key of P-256, or others may read it.</exception>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    public static LogKeys FromFolder(LogFolder folder, out bool isMade)
    {
        isMade = !folder.Exists(LogNames.Key);
        if (!isMade)
        {
            return new LogKeys(Read(folder, LogNames.Key));
        }

        var key = SigningKey.Make();

        // The private half is last: a key without its public half beside it would look like one that was tampered with.
        folder.Replace(LogNames.PublicKey, Encoding.ASCII.GetBytes(key.Public.Pem));
        folder.Replace(LogNames.Key, Encoding.ASCII.GetBytes(key.ToPem()));
        return new LogKeys(key);
    }

    public void Dispose()
    {
        current.Dispose();
        previous?.Dispose();
    }

    private static SigningKey ReadFile(string path) => Read(new DiskFolder(Path.GetDirectoryName(Path.GetFullPath(path)) ?? path), Path.GetFileName(path));

    private static SigningKey Read(LogFolder folder, string name)
    {
        if (folder.IsOpenToOthers(name))
        {
            throw new InvalidDataException($"Others may read the key '{name}' in '{folder.Name}', which signs the audit log's checkpoints. Set its mode to 0600; where others may have read it, make a new one.");
        }

        return SigningKey.FromPem(Encoding.UTF8.GetString(folder.ReadAll(name, MaxKeyFileLength)));
    }
}
