using System.Text.Json;

namespace SecureInference.Protocol.Json;

/// <summary>An array of objects, each of which a part of its own takes.</summary>
internal sealed class ListPart(string what, Func<JsonPart> createItem) : JsonPart
{
    private bool _hasStarted;

    protected override InferenceError? OnToken(ref Utf8JsonReader reader)
    {
        if (!_hasStarted)
        {
            _hasStarted = true;
            return reader.TokenType == JsonTokenType.StartArray ? null : InferenceErrors.Payload($"{what} must be a JSON array.");
        }

        if (reader.TokenType == JsonTokenType.EndArray)
        {
            IsDone = true;
            return null;
        }

        return Enter(createItem(), ref reader);
    }
}
