using System.Text.Json;

namespace SecureInference.Protocol.Json;

/// <summary>An object: known properties at most once each, unknown ones passed over, <c>null</c> like an absent one.</summary>
internal abstract class ObjectPart : JsonPart
{
    private const int Unknown = -1;
    private bool _hasStarted;
    private int _property = Unknown;
    private int _seen;
    private SkipPart? _skip;

    /// <summary>Gets what the object is called in messages.</summary>
    protected abstract string What { get; }

    public override void Begin()
    {
        base.Begin();
        _hasStarted = false;
        _property = Unknown;
        _seen = 0;
    }

    protected override InferenceError? OnToken(ref Utf8JsonReader reader)
    {
        if (!_hasStarted)
        {
            _hasStarted = true;
            return reader.TokenType == JsonTokenType.StartObject ? null : InferenceErrors.Payload($"{What} must be a JSON object.");
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                return OnName(ref reader);
            case JsonTokenType.EndObject:
                IsDone = true;
                return OnEnd();
            case JsonTokenType.Null:
                return null;
            default:
                return _property == Unknown ? Enter(_skip ??= new SkipPart(), ref reader) : OnValue(_property, ref reader);
        }
    }

    /// <summary>Finds a property by its name.</summary>
    /// <returns>Its index, from 0 to 31, or -1.</returns>
    protected abstract int FindProperty(ref Utf8JsonReader reader);

    /// <summary>Takes the first token of a known property's value.</summary>
    protected abstract InferenceError? OnValue(int property, ref Utf8JsonReader reader);

    protected virtual InferenceError? OnEnd() => null;

    private InferenceError? OnName(ref Utf8JsonReader reader)
    {
        _property = FindProperty(ref reader);
        var bit = _property == Unknown ? 0 : 1 << _property;
        if ((_seen & bit) != 0)
        {
            return InferenceErrors.Payload($"{What} has the property '{reader.GetString()}' twice.");
        }

        _seen |= bit;
        return null;
    }
}
