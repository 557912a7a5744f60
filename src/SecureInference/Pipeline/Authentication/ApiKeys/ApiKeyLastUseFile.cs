using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>The file that says in which hour each key was last used: ids and hours, no owners. The server writes it; the tool reads it.</summary>
internal sealed record ApiKeyLastUseFile
{
    public const int CurrentVersion = 1;

    public required int Version { get; init; }

    public required IReadOnlyDictionary<string, DateTimeOffset> LastUse { get; init; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidDataException">It is another file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ApiKeyLastUseFile Read(string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), ApiKeyLastUseFileJson.Default.ApiKeyLastUseFile);
            return file is { Version: CurrentVersion } ? file : throw new JsonException("Another version.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"'{path}' is no file of last uses of this version. Move it away, or name another one.", exception);
        }
    }

    /// <summary>Writes the file: whole, or not at all.</summary>
    public void Write(string path)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            // Others may look at it: the tool is seldom run by the server's user.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        }

        using (var stream = new FileStream(temporary, options))
        {
            JsonSerializer.Serialize(stream, this, ApiKeyLastUseFileJson.Default.ApiKeyLastUseFile);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}

/// <summary>Reads and writes the file without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    WriteIndented = true)]
[JsonSerializable(typeof(ApiKeyLastUseFile))]
internal sealed partial class ApiKeyLastUseFileJson : JsonSerializerContext;
