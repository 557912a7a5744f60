using System.Runtime.InteropServices;
using System.Text.Json;

namespace SecureInference.Protocol.Json;

/// <summary>A shape: an array of sizes.</summary>
internal sealed class ShapePart(InputDraft input) : JsonPart
{
    /// <summary>Far more dimensions than any engine knows.</summary>
    private const int MaxRank = 64;

    private readonly List<long> _shape = [];
    private bool _hasStarted;

    public override void Begin()
    {
        base.Begin();
        _shape.Clear();
        _hasStarted = false;
    }

    protected override InferenceError? OnToken(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray when !_hasStarted:
                _hasStarted = true;
                return null;
            case JsonTokenType.EndArray:
                input.SetShape(CollectionsMarshal.AsSpan(_shape));
                IsDone = true;
                return null;
            case JsonTokenType.Number when _hasStarted && reader.TryGetInt64(out var size) && size >= 0:
                _shape.Add(size);
                return _shape.Count <= MaxRank ? null : InferenceErrors.Tensor($"input '{input.Name}' has more than {MaxRank} dimensions");
            default:
                return InferenceErrors.Tensor($"the shape of input '{input.Name}' must be an array of whole numbers of at least 0");
        }
    }
}
