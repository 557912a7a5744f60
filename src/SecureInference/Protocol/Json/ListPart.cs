using System.Text.Json;

namespace SecureInference.Protocol.Json;

/// <summary>An array of objects, each of which a part of its own takes.</summary>
internal abstract class ListPart(string what) : JsonPart
{
    private bool _hasStarted;

    public override void Begin()
    {
        base.Begin();
        _hasStarted = false;
    }

    /// <summary>Returns the part that takes the next item.</summary>
    protected abstract JsonPart BeginItem();

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

        return Enter(BeginItem(), ref reader);
    }
}
