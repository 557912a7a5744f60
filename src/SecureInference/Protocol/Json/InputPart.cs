using System.Text.Json;

namespace SecureInference.Protocol.Json;

/// <summary>One input: its description, and its data where they travel as JSON.</summary>
internal sealed class InputPart : ObjectPart
{
    private const int Name = 0;
    private const int DataType = 1;
    private const int Shape = 2;
    private const int Parameters = 3;
    private const int Data = 4;

    private readonly CallDraft _call;
    private readonly InputDraft _input;

    public InputPart(CallDraft call)
    {
        _call = call;
        _input = call.AddInput();
    }

    protected override string What => "An input";

    protected override int FindProperty(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("name"u8) ? Name
        : reader.ValueTextEquals("datatype"u8) ? DataType
        : reader.ValueTextEquals("shape"u8) ? Shape
        : reader.ValueTextEquals("data"u8) ? Data
        : reader.ValueTextEquals("parameters"u8) ? Parameters
        : -1;

    protected override InferenceError? OnValue(int property, ref Utf8JsonReader reader)
    {
        // Checked as each input begins: a request of a million of them ends at the first one too many.
        if (_call.Inputs.Count > _call.Model.Metadata.Inputs.Count)
        {
            return InferenceErrors.Tensor($"model '{_call.Model.Metadata.Name}' has {_call.Model.Metadata.Inputs.Count} inputs; the request has more");
        }

        return property switch
        {
            Name => ReadName(ref reader),
            DataType => ReadDataType(ref reader),
            Shape => Enter(new ShapePart(_input), ref reader),
            Parameters => Enter(new InputParametersPart(_input), ref reader),
            _ => ReadData(ref reader),
        };
    }

    protected override InferenceError? OnEnd()
    {
        var hasData = _input.Data is not null || _input.Deferred is not null;
        if (hasData && _input.BinarySize is not null)
        {
            return InferenceErrors.Payload($"input '{_input.Name}' has both data and binary_data_size");
        }

        return _input.CheckDescription()
            ?? (hasData || _input.BinarySize is not null ? null : InferenceErrors.Payload($"input '{_input.Name}' has no data"))
            ?? _input.Deferred?.ReadInto(_input)
            ?? _input.Data?.CheckComplete();
    }

    private InferenceError? ReadName(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return InferenceErrors.Payload("The name of an input must be a string.");
        }

        foreach (var spec in _call.Model.Metadata.Inputs)
        {
            if (reader.ValueTextEquals(spec.Name))
            {
                return _call.Name(_input, spec);
            }
        }

        return InferenceErrors.UnexpectedInput(reader.GetString(), _call.Model.Metadata.Name);
    }

    private InferenceError? ReadDataType(ref Utf8JsonReader reader)
    {
        // The longest name has six letters; an escape sequence in one is nobody's honest spelling.
        const int MaxLength = 6;
        Span<byte> name = stackalloc byte[MaxLength];
        var isShort = reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped
            && (reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length) <= MaxLength;
        if (!isShort || !TensorDataTypeExtensions.TryParseProtocolName(name[..reader.CopyString(name)], out var type))
        {
            return InferenceErrors.Tensor($"input '{_input.Name}' has a datatype that the protocol does not know");
        }

        _input.DataType = type;
        return null;
    }

    private InferenceError? ReadData(ref Utf8JsonReader reader)
    {
        if (!_input.IsDescribed)
        {
            _input.Deferred = new DeferredData();
            return Enter(_input.Deferred, ref reader);
        }

        if (_input.CheckDescription() is { } error)
        {
            return error;
        }

        _input.Data = JsonTensorReader.Create(_input);
        return Enter(_input.Data, ref reader);
    }
}
