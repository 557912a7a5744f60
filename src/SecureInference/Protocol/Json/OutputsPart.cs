namespace SecureInference.Protocol.Json;

/// <summary>The outputs that a request wants.</summary>
internal sealed class OutputsPart(CallDraft draft) : ListPart("outputs")
{
    private readonly OutputPart _item = new(draft);

    protected override JsonPart BeginItem() => _item;
}
