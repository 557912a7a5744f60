using System.Text.Json;

namespace SecureInference.Protocol.Json;

/// <summary>Passes over a value that means nothing here.</summary>
internal sealed class SkipPart : JsonPart
{
    private int _depth;

    public override void Begin()
    {
        base.Begin();
        _depth = 0;
    }

    protected override InferenceError? OnToken(ref Utf8JsonReader reader)
    {
        _depth += reader.TokenType switch
        {
            JsonTokenType.StartArray or JsonTokenType.StartObject => 1,
            JsonTokenType.EndArray or JsonTokenType.EndObject => -1,
            _ => 0,
        };
        IsDone = _depth == 0;
        return null;
    }
}
