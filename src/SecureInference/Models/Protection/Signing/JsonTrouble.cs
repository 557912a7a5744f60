using System.Text.Json;

namespace SecureInference.Models.Protection.Signing;

/// <summary>Says what is wrong with JSON, without what is in it.</summary>
internal static class JsonTrouble
{
    /// <param name="exception">Of the platform's reader, or of ours, which says it in the message.</param>
    public static string Of(Exception exception) => exception is JsonException { BytePositionInLine: { } position } malformed
        ? $"malformed at line {malformed.LineNumber + 1}, byte {position + 1}"
        : exception is JsonException ? exception.Message : "a text in it is no Unicode";
}
