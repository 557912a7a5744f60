using System.Buffers;
using System.Text.Json;

namespace SecureInference.Protocol.Json;

/// <summary>A place in a text, by its line and the bytes before it in the line; both from 0.</summary>
internal readonly record struct JsonPosition(long Line, long Byte)
{
    /// <summary>Returns where a text ends that begins here.</summary>
    public JsonPosition After(in ReadOnlySequence<byte> text)
    {
        var end = this;
        foreach (var segment in text)
        {
            var bytes = segment.Span;
            var last = bytes.LastIndexOf((byte)'\n');
            end = last < 0 ? end with { Byte = end.Byte + bytes.Length } : new JsonPosition(end.Line + bytes.Count((byte)'\n'), bytes.Length - last - 1);
        }

        return end;
    }

    /// <summary>Finds where the error of a text is that begins here: whoever found it has not counted all that is before it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isLast">Whether nothing follows it.</param>
    /// <param name="state">The reader's state at its beginning.</param>
    /// <param name="found">The error.</param>
    public JsonPosition Find(in ReadOnlySequence<byte> text, bool isLast, in JsonReaderState state, JsonException found)
    {
        // Nothing that JSON could begin or go on with: the reader says where it believes to be.
        var before = FindError(new ReadOnlySequence<byte>([1]), isLast: true, state) ?? found;
        var error = FindError(text, isLast, state) ?? found;
        return error.LineNumber == before.LineNumber
            ? this with { Byte = Byte + (error.BytePositionInLine - before.BytePositionInLine ?? 0) }
            : new JsonPosition(Line + (error.LineNumber - before.LineNumber ?? 0), error.BytePositionInLine ?? 0);
    }

    private static JsonException? FindError(in ReadOnlySequence<byte> text, bool isLast, in JsonReaderState state)
    {
        var reader = new Utf8JsonReader(text, isLast, state);
        try
        {
            while (reader.Read())
            {
            }

            return null;
        }
        catch (JsonException exception)
        {
            return exception;
        }
    }
}
