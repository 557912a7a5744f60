using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>The key store file: JSON, a row a key, no secret. The tool writes it; the server only reads.</summary>
internal sealed record ApiKeyFile
{
    public const int CurrentVersion = 2;

    public required int Version { get; init; }

    /// <summary>Gets a number that grows with every change.</summary>
    public required long Generation { get; init; }

    /// <summary>Gets the instant up to which all secrets that were made are revoked.</summary>
    public DateTimeOffset? RevokedBefore { get; init; }

    /// <summary>Gets the version of the pepper that the seal is made with.</summary>
    public int? Pepper { get; init; }

    /// <summary>Gets the seal, in base64: who does not know the pepper can change nothing in the file without breaking it.</summary>
    public string? Seal { get; init; }

    public required IReadOnlyList<ApiKeyRow> Keys { get; init; }

    public static ApiKeyFile Empty { get; } = new() { Version = CurrentVersion, Generation = 0, Keys = [] };

    /// <summary>Reads a store.</summary>
    /// <exception cref="InvalidDataException">It is no key store of this version; the message says why and what to do.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ApiKeyFile Read(string path) => Parse(File.ReadAllBytes(path), path);

    /// <summary>Reads what a store's file holds.</summary>
    /// <param name="bytes">What it holds.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="InvalidDataException">It is no key store of this version; the message says why and what to do.</exception>
    public static ApiKeyFile Parse(byte[] bytes, string path)
    {
        try
        {
            // Looked at first: a newer version may have fields that this one does not know.
            if (JsonSerializer.Deserialize(bytes, ApiKeyFileVersionJson.Default.ApiKeyFileVersion)?.Version is { } version and not CurrentVersion)
            {
                throw new InvalidDataException($"The key store '{path}' has version {version}; this version reads {CurrentVersion}. "
                    + (version < CurrentVersion ? "Move it away, and create its keys again." : "Update SecureInference."));
            }

            var file = JsonSerializer.Deserialize(bytes, ApiKeyFileJson.Default.ApiKeyFile);
            return file is not null && file.Keys.All(IsWhole) ? file : throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(
                File.Exists(UnfinishedPath(path))
                    ? $"The key store '{path}' is not valid: writing it was interrupted. The next 'secure-inference keys' command that names it finishes that, from '{UnfinishedPath(path)}'."
                    : $"The key store '{path}' is not valid (line {exception.LineNumber + 1}). Restore it from a copy, or move it away and make a new one with 'secure-inference keys create'.",
                exception);
        }
    }

    /// <summary>Says where the whole new store lies while the old one is being overwritten.</summary>
    public static string UnfinishedPath(string path) => path + ".new";

    /// <summary>Writes a store, which keeps its owner, its group and its mode.</summary>
    public void Write(string path)
    {
        var bytes = ToBytes();
        var temporary = UnfinishedPath(path);
        File.Delete(temporary);
        using (var file = Open(temporary, FileMode.CreateNew))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        if (!File.Exists(path) || OperatingSystem.IsWindows())
        {
            File.Move(temporary, path, overwrite: true);
            return;
        }

        // A new file would be its writer's, and a server that read the old one through its owner or group could not read it: a
        // revocation without effect. The old file is overwritten, with the whole new one beside it until that is done.
        Overwrite(path, bytes);
        File.Delete(temporary);
    }

    /// <summary>Writes a store whose whole new form lies beside it already, and must lie there until the store is whole, too.</summary>
    public void FinishWrite(string path)
    {
        Overwrite(path, ToBytes());
        File.Delete(UnfinishedPath(path));
    }

    private byte[] ToBytes() => [.. JsonSerializer.SerializeToUtf8Bytes(this, ApiKeyFileJson.Default.ApiKeyFile), (byte)'\n'];

    private static void Overwrite(string path, byte[] bytes)
    {
        using var file = Open(path, FileMode.Open);

        // From here until its first byte comes last, it is no JSON: half of the new store before half of the old one is never read as a
        // store, sealed or not, wherever a kill or a power cut ends this. A server keeps its last good set until the next look.
        file.Write("!"u8);
        file.Flush(flushToDisk: true);
        file.Write(bytes.AsSpan(1));
        file.SetLength(bytes.Length);
        file.Flush(flushToDisk: true);
        file.Position = 0;
        file.Write(bytes.AsSpan(0, 1));
        file.Flush(flushToDisk: true);
    }

    // What the serializer does not look into: null as an element of a list.
    private static bool IsWhole(ApiKeyRow? row) => row is not null
        && row.Scopes.All(static scope => scope is not null)
        && row.Networks?.All(static network => network is not null) != false
        && row.Secrets.All(static secret => secret is not null);

    private static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, BufferSize = 0 };
        if (mode == FileMode.CreateNew && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}

/// <summary>Reads and writes the store without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    WriteIndented = true)]
[JsonSerializable(typeof(ApiKeyFile))]
internal sealed partial class ApiKeyFileJson : JsonSerializerContext;
