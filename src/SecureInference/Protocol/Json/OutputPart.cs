using System.Text.Json;

namespace SecureInference.Protocol.Json;

/// <summary>One output that is wanted.</summary>
internal sealed class OutputPart(CallDraft draft) : ObjectPart
{
    private const int NameProperty = 0;
    private const int ParametersProperty = 1;
    private OutputParametersPart? _parameters;
    private string? _name;

    /// <summary>Gets or sets the form it is wanted in.</summary>
    public bool? IsBinary { get; set; }

    protected override string What => "An output";

    public override void Begin()
    {
        base.Begin();
        _name = null;
        IsBinary = null;
    }

    protected override int FindProperty(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("name"u8) ? NameProperty
        : reader.ValueTextEquals("parameters"u8) ? ParametersProperty
        : -1;

    protected override InferenceError? OnValue(int property, ref Utf8JsonReader reader)
    {
        if (property == ParametersProperty)
        {
            return Enter(_parameters ??= new OutputParametersPart(this), ref reader);
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            return InferenceErrors.Payload("The name of an output must be a string.");
        }

        var outputs = draft.Model.Metadata.Outputs;
        for (var index = 0; index < outputs.Count; index++)
        {
            if (reader.ValueTextEquals(outputs[index].Name))
            {
                _name = outputs[index].Name;
                return null;
            }
        }

        _name = reader.GetString();
        return null;
    }

    protected override InferenceError? OnEnd() =>
        _name is null ? InferenceErrors.Payload("An output has no name.") : draft.AddOutput(_name, IsBinary);
}
