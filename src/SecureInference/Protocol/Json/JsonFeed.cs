using System.Buffers;
using System.Text.Json;

namespace SecureInference.Protocol.Json;

/// <summary>Feeds JSON to its parts as it arrives; nothing is kept but a token that is not whole yet.</summary>
internal struct JsonFeed(JsonPart root)
{
    /// <summary>Bounds what is looked at again with every arriving packet.</summary>
    public const int MaxTokenLength = 8 << 20;

    /// <summary>Triton allows 100; nobody's tensors have so many dimensions.</summary>
    private const int MaxDepth = 64;

    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = MaxDepth });
    private JsonPosition _start;
    private bool _hasReadOn;

    public InferenceError? Accept(in ReadOnlySequence<byte> json, bool isLast, out SequencePosition consumed)
    {
        consumed = json.Start;
        if (isLast && json.IsEmpty && !root.HasStarted)
        {
            return InferenceErrors.Payload("The body is empty; a JSON object was expected.");
        }

        var reader = new Utf8JsonReader(json, isLast, _state);
        try
        {
            while (reader.Read())
            {
                if (root.Accept(ref reader) is { } error)
                {
                    return error;
                }

                if (reader.TokenType == JsonTokenType.Number)
                {
                    ReadOn(json, isLast, ref reader);
                }
            }
        }
        catch (JsonException exception)
        {
            var at = _hasReadOn ? _start.Find(json, isLast, _state, exception) : new JsonPosition(exception.LineNumber ?? 0, exception.BytePositionInLine ?? 0);
            return InferenceErrors.Payload($"The body is not valid JSON (line {at.Line + 1}, byte {at.Byte}).");
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for a string that is not Unicode.
            return InferenceErrors.Payload("The body holds a string that is not valid Unicode.");
        }

        consumed = reader.Position;
        if (!isLast)
        {
            _state = reader.CurrentState;
            _start = _start.After(json.Slice(0, consumed));
        }

        if (isLast && !root.IsDone)
        {
            return InferenceErrors.Payload("The body is empty; a JSON object was expected.");
        }

        return json.Slice(consumed).Length <= MaxTokenLength ? null : InferenceErrors.Payload($"A string or number is longer than {MaxTokenLength} bytes.");
    }

    // The reader of tokens goes on behind the numbers as if they had not been there.
    private void ReadOn(in ReadOnlySequence<byte> json, bool isLast, ref Utf8JsonReader reader)
    {
        var rest = json.Slice(reader.Position);
        if (root.ReadOn(rest.FirstSpan) is var read and > 0)
        {
            _hasReadOn = true;
            reader = new Utf8JsonReader(rest.Slice(read), isLast, reader.CurrentState);
        }
    }
}
