using System.Text.Json;

namespace SecureInference.Protocol.Json;

/// <summary>One input: its description, and its data where they travel as JSON.</summary>
internal sealed class InputPart(CallDraft call, InputDraft input) : ObjectPart
{
    private const int Name = 0;
    private const int DataType = 1;
    private const int Shape = 2;
    private const int Parameters = 3;
    private const int Data = 4;

    private readonly ShapePart _shape = new(input);
    private InputParametersPart? _parameters;

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
        if (call.Inputs.Count > call.Model.Metadata.Inputs.Count)
        {
            return InferenceErrors.Tensor($"model '{call.Model.Metadata.Name}' has {call.Model.Metadata.Inputs.Count} inputs; the request has more");
        }

        return property switch
        {
            Name => ReadName(ref reader),
            DataType => ReadDataType(ref reader),
            Shape => Enter(_shape, ref reader),
            Parameters => Enter(_parameters ??= new InputParametersPart(input), ref reader),
            _ => ReadData(ref reader),
        };
    }

    protected override InferenceError? OnEnd()
    {
        var hasData = input.Data is not null || input.Deferred is not null;
        if (hasData && input.BinarySize is not null)
        {
            return InferenceErrors.Payload($"input '{input.Name}' has both data and binary_data_size");
        }

        return input.CheckDescription()
            ?? (hasData || input.BinarySize is not null ? null : InferenceErrors.Payload($"input '{input.Name}' has no data"))
            ?? input.Deferred?.ReadInto(input)
            ?? input.Data?.CheckComplete();
    }

    private InferenceError? ReadName(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return InferenceErrors.Payload("The name of an input must be a string.");
        }

        var specs = call.Model.Metadata.Inputs;
        for (var index = 0; index < specs.Count; index++)
        {
            var spec = specs[index];
            if (reader.ValueTextEquals(spec.Name))
            {
                return call.Name(input, spec);
            }
        }

        return InferenceErrors.UnexpectedInput(reader.GetString(), call.Model.Metadata.Name);
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
            return InferenceErrors.Tensor($"input '{input.Name}' has a datatype that the protocol does not know");
        }

        input.DataType = type;
        return null;
    }

    private InferenceError? ReadData(ref Utf8JsonReader reader)
    {
        if (!input.IsDescribed)
        {
            return Enter(input.BeginDeferred(), ref reader);
        }

        if (input.CheckDescription() is { } error)
        {
            return error;
        }

        return Enter(input.BeginData(), ref reader);
    }
}
