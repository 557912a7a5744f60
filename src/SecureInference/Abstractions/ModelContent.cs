using System.Collections.ObjectModel;
using System.Security.Cryptography;

namespace SecureInference;

/// <summary>A model's files in memory, as an engine takes them, for as long as it loads; wiped when disposed.</summary>
internal sealed class ModelContent : IDisposable
{
    /// <summary>Gets the bytes of the model file.</summary>
    public required byte[] Model { get; init; }

    /// <summary>Gets the lower-case hexadecimal SHA-256 by which the model is named in health and records.</summary>
    public required string Digest { get; init; }

    /// <summary>Gets what was proven of the files.</summary>
    public ModelProtection Protection { get; init; } = ModelProtection.None;

    /// <summary>Gets the other files that may be loaded, by their paths from the model's folder, with <c>/</c>; no other may be.</summary>
    public IReadOnlyDictionary<string, byte[]> Files { get; init; } = ReadOnlyDictionary<string, byte[]>.Empty;

    /// <summary>Gets the bytes of all of them.</summary>
    public long Size => Model.LongLength + Files.Values.Sum(static file => file.LongLength);

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(Model);
        foreach (var file in Files.Values)
        {
            CryptographicOperations.ZeroMemory(file);
        }
    }
}
