using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>Reads base64url and JSON strictly: what two readers could take for two different things is refused.</summary>
internal static class TokenJson
{
    private const double LastSecond = 253_402_300_799;
    private static readonly SearchValues<char> Base64UrlCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>Reads an object.</summary>
    /// <exception cref="FormatException">It is not in base64url.</exception>
    /// <exception cref="JsonException">It is no JSON object, has a name twice, or is nested too deeply.</exception>
    public static JsonDocument Parse(ReadOnlySpan<char> segment)
    {
        var bytes = TryDecode(segment);
        if (bytes is null || !Utf8.IsValid(bytes))
        {
            throw new FormatException("It is no base64url of UTF-8.");
        }

        var json = JsonDocument.Parse(bytes, Options);
        if (json.RootElement.ValueKind != JsonValueKind.Object)
        {
            json.Dispose();
            throw new FormatException("It is no object.");
        }

        return json;
    }

    /// <summary>Decodes base64url: without padding, blanks and line ends, all of which the platform's decoder passes over.</summary>
    public static byte[]? TryDecode(ReadOnlySpan<char> segment) => IsBase64Url(segment) ? Base64Url.DecodeFromChars(segment) : null;

    public static bool IsBase64Url(ReadOnlySpan<char> segment) =>
        segment.Length > 0 && segment.Length % 4 != 1 && !segment.ContainsAnyExcept(Base64UrlCharacters);

    /// <exception cref="FormatException">It is no text.</exception>
    public static string Text(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && json.GetString() is { } text ? text : throw new FormatException("It is no text.");

    /// <exception cref="FormatException">It is no time between 1970 and 9999.</exception>
    public static DateTimeOffset Date(JsonElement json) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out var seconds) && seconds is >= 0 and <= LastSecond
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : throw new FormatException("It is no time.");
}
