using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecureInference.Pipeline.Authentication;

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
    /// <exception cref="InvalidDataException">It is no key store, or one row of it is wrong; the message says which and why.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ApiKeyFile Read(string path)
    {
        ApiKeyFile file;
        try
        {
            file = JsonSerializer.Deserialize(File.ReadAllBytes(path), ApiKeyFileJson.Default.ApiKeyFile) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(
                $"The key store '{path}' is not valid (line {exception.LineNumber + 1}). Restore it, or make a new one with 'secure-inference keys create'.", exception);
        }

        if (file.Version != CurrentVersion)
        {
            throw new InvalidDataException($"The key store '{path}' has version {file.Version}; this version reads {CurrentVersion}. Update SecureInference.");
        }

        // The serializer refuses null fields, but not null elements.
        if (file.Keys.Any(static row => row is null || row.Scopes.Contains(null)))
        {
            throw new InvalidDataException($"The key store '{path}' has an empty row or an empty scope. Restore it, or remove what is empty.");
        }

        return file;
    }

    /// <summary>Writes a store whole or not at all: readers see the old file or the new one.</summary>
    public void Write(string path)
    {
        var temporary = path + ".new";
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(temporary, options))
        {
            JsonSerializer.Serialize(stream, this, ApiKeyFileJson.Default.ApiKeyFile);
            stream.WriteByte((byte)'\n');
            stream.Flush(flushToDisk: true);
        }

        if (!OperatingSystem.IsWindows() && File.Exists(path))
        {
            // Who could read the old file can read the new one: the server may run as somebody else.
            File.SetUnixFileMode(temporary, File.GetUnixFileMode(path));
        }

        File.Move(temporary, path, overwrite: true);
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
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    WriteIndented = true)]
[JsonSerializable(typeof(ApiKeyFile))]
internal sealed partial class ApiKeyFileJson : JsonSerializerContext;
