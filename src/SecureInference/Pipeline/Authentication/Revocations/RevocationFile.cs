using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecureInference.Pipeline.Authentication.Revocations;

/// <summary>The revocation list as it stands in its file.</summary>
internal sealed record RevocationFile
{
    public const int CurrentVersion = 1;

    [JsonPropertyName("version")]
    public required int Version { get; init; }

    [JsonPropertyName("revoked")]
    public required IReadOnlyList<RevocationRow> Revoked { get; init; }

    /// <summary>Reads what a list's file holds.</summary>
    /// <param name="bytes">What it holds.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="InvalidDataException">It is no list of this version; the message says why and what to do.</exception>
    public static RevocationFile Parse(byte[] bytes, string path)
    {
        RevocationFile? file;
        try
        {
            file = JsonSerializer.Deserialize(bytes, RevocationFileJson.Default.RevocationFile);
        }
        catch (JsonException exception)
        {
            // Not the text of the exception alone: it says where, and this what to write.
            throw new InvalidDataException(
                $"The revocation list '{path}' is not valid (line {exception.LineNumber + 1}). Write {{ \"version\": 1, \"revoked\": [ {{ \"jti\": \"…\" }} ] }}; what a row may have is in the documentation.",
                exception);
        }

        if (file is null || file.Version != CurrentVersion)
        {
            throw new InvalidDataException($"The revocation list '{path}' has version {file?.Version}; this version reads {CurrentVersion}.");
        }

        return file;
    }
}

/// <summary>Reads the list without reflection.</summary>
[JsonSourceGenerationOptions(
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(RevocationFile))]
internal sealed partial class RevocationFileJson : JsonSerializerContext;
