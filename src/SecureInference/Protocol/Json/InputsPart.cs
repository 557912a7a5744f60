namespace SecureInference.Protocol.Json;

/// <summary>The inputs of a request.</summary>
internal sealed class InputsPart(CallDraft draft) : ListPart("inputs")
{
    protected override JsonPart BeginItem() => draft.AddInput().Part;
}
