using System.Buffers;
using System.Text.Json;

namespace SecureInference.Protocol.Json;

/// <summary>Feeds JSON to its parts as it arrives; nothing is kept but a token that is not whole yet.</summary>
internal sealed class JsonFeed(JsonPart root)
{
    /// <summary>Bounds what is looked at again with every arriving packet.</summary>
    public const int MaxTokenLength = 8 << 20;

    /// <summary>Triton allows 100; nobody's tensors have so many dimensions.</summary>
    private const int MaxDepth = 64;

    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = MaxDepth });

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
            }
        }
        catch (JsonException exception)
        {
            return InferenceErrors.Payload($"The body is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}).");
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for a string that is not Unicode.
            return InferenceErrors.Payload("The body holds a string that is not valid Unicode.");
        }

        _state = reader.CurrentState;
        consumed = reader.Position;
        if (isLast && !root.IsDone)
        {
            return InferenceErrors.Payload("The body is empty; a JSON object was expected.");
        }

        return json.Slice(consumed).Length <= MaxTokenLength ? null : InferenceErrors.Payload($"A string or number is longer than {MaxTokenLength} bytes.");
    }
}
