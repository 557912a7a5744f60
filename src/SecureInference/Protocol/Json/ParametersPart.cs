using System.Text.Json;

namespace SecureInference.Protocol.Json;

/// <summary>An object of parameters: strings, numbers and booleans.</summary>
internal abstract class ParametersPart : ObjectPart
{
    protected override string What => "parameters";

    protected static InferenceError? ReadBoolean(string name, ref Utf8JsonReader reader, out bool value)
    {
        value = reader.TokenType == JsonTokenType.True;
        return value || reader.TokenType == JsonTokenType.False ? null : InferenceErrors.Payload($"The parameter {name} must be true or false.");
    }

    protected static InferenceError? ReadInteger(string name, ref Utf8JsonReader reader, out long value)
    {
        value = 0;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out value) && value >= 0
            ? null
            : InferenceErrors.Payload($"The parameter {name} must be a whole number of at least 0.");
    }
}
