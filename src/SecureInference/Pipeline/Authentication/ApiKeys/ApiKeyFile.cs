using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>The key store file: JSON, a row a key, no secret. The tool writes it; the server only reads.</summary>
internal sealed record ApiKeyFile
{
    public const int CurrentVersion = 1;

    public required int Version { get; init; }

    /// <summary>Gets a number that grows with every change.</summary>
    public required long Generation { get; init; }

    public required IReadOnlyList<ApiKeyRow> Keys { get; init; }

    public static ApiKeyFile Empty { get; } = new() { Version = CurrentVersion, Generation = 0, Keys = [] };

    /// <summary>Reads a store.</summary>
    /// <exception cref="InvalidDataException">It is no key store of this version; the message says why and what to do.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ApiKeyFile Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        try
        {
            // Looked at first: a newer version may have fields that this one does not know.
            if (JsonSerializer.Deserialize(bytes, ApiKeyFileVersionJson.Default.ApiKeyFileVersion)?.Version is { } version and not CurrentVersion)
            {
                throw new InvalidDataException($"The key store '{path}' has version {version}; this version reads {CurrentVersion}. Update SecureInference.");
            }

            var file = JsonSerializer.Deserialize(bytes, ApiKeyFileJson.Default.ApiKeyFile);
            return file is not null && file.Keys.All(static row => row is not null && row.Scopes.All(static scope => scope is not null)) ? file : throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(
                File.Exists(path + ".new")
                    ? $"The key store '{path}' is not valid: writing it was interrupted. The whole new store is in '{path}.new'; copy it over."
                    : $"The key store '{path}' is not valid (line {exception.LineNumber + 1}). Restore it from a copy, or move it away and make a new one with 'secure-inference keys create'.",
                exception);
        }
    }

    /// <summary>Writes a store, which keeps its owner, its group and its mode.</summary>
    public void Write(string path)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(this, ApiKeyFileJson.Default.ApiKeyFile);
        var temporary = path + ".new";
        File.Delete(temporary);
        WriteBytes(temporary, FileMode.CreateNew, bytes);
        if (!File.Exists(path) || OperatingSystem.IsWindows())
        {
            File.Move(temporary, path, overwrite: true);
            return;
        }

        // A new file would be its writer's, and a server that read the old one through its owner or group could not read it: a
        // revocation without effect. The old file is overwritten, with the whole new one beside it until that is done; a server that
        // sees half of it keeps its last good set until the next look.
        WriteBytes(path, FileMode.Open, bytes);
        File.Delete(temporary);
    }

    private static void WriteBytes(string path, FileMode mode, byte[] bytes)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (mode == FileMode.CreateNew && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(path, options);
        stream.Write(bytes);
        stream.WriteByte((byte)'\n');
        stream.SetLength(stream.Position);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Makes a key and its row.</summary>
    /// <param name="row">The rights; its id and verifier are set.</param>
    /// <param name="key">The key itself, which is kept nowhere.</param>
    public static ApiKeyRow CreateKey(ApiKeyRow row, out string key)
    {
        key = ApiKey.Create(row.Environment, out var id);
        var named = row with { Id = id };
        var hash = new byte[SHA256.HashSizeInBytes];
        if (!ApiKey.TryParse(key, out var parsed))
        {
            throw new InvalidOperationException($"'{row.Environment}' is no environment of a key.");
        }

        ApiKeyRow.Hash(named.RightsToBytes(), parsed.Secret, hash);
        return named with { Verifier = Convert.ToBase64String(hash) };
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
