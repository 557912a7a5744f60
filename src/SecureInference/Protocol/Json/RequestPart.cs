using System.Text.Json;

namespace SecureInference.Protocol.Json;

/// <summary>The request: its id, its parameters, its inputs, and the outputs it wants.</summary>
internal sealed class RequestPart(CallDraft draft) : ObjectPart
{
    private const int Id = 0;
    private const int Parameters = 1;
    private const int Inputs = 2;
    private const int Outputs = 3;
    private const int MaxIdLength = 256;

    private readonly InputsPart _inputs = new(draft);
    private OutputsPart? _outputs;
    private RequestParametersPart? _parameters;
    private bool _hasInputs;

    protected override string What => "The request";

    public override void Begin()
    {
        base.Begin();
        _hasInputs = false;
    }

    protected override int FindProperty(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("inputs"u8) ? Inputs
        : reader.ValueTextEquals("id"u8) ? Id
        : reader.ValueTextEquals("outputs"u8) ? Outputs
        : reader.ValueTextEquals("parameters"u8) ? Parameters
        : -1;

    protected override InferenceError? OnValue(int property, ref Utf8JsonReader reader)
    {
        switch (property)
        {
            case Id:
                return ReadId(ref reader);
            case Parameters:
                return Enter(_parameters ??= new RequestParametersPart(draft), ref reader);
            case Inputs:
                _hasInputs = true;
                return Enter(_inputs, ref reader);
            default:
                return Enter(_outputs ??= new OutputsPart(draft), ref reader);
        }
    }

    protected override InferenceError? OnEnd() => _hasInputs ? null : InferenceErrors.Payload("The request has no inputs.");

    private InferenceError? ReadId(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return InferenceErrors.Payload("id must be a string.");
        }

        draft.Id = reader.GetString();
        return draft.Id?.Length <= MaxIdLength ? null : InferenceErrors.Payload($"id is longer than {MaxIdLength} characters.");
    }
}
