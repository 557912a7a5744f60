using System.Text.Json;

namespace SecureInference.Protocol.Json;

/// <summary>Something in the JSON that takes its tokens one by one, so that reading can stop wherever a packet ends.</summary>
internal abstract class JsonPart
{
    private JsonPart? _child;

    /// <summary>Gets whether the last token of the part has come.</summary>
    public bool IsDone { get; protected set; }

    /// <summary>Gets whether the first token of the part has come.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Begins with another value: nothing is left of the one before.</summary>
    public virtual void Begin()
    {
        _child = null;
        IsDone = false;
        HasStarted = false;
    }

    public InferenceError? Accept(ref Utf8JsonReader reader)
    {
        HasStarted = true;
        if (_child is null)
        {
            return OnToken(ref reader);
        }

        var error = _child.Accept(ref reader);
        if (_child.IsDone)
        {
            _child = null;
        }

        return error;
    }

    /// <summary>Reads numbers that follow the one that the part has just taken.</summary>
    /// <returns>The bytes that were read: none where the part wants to see every token.</returns>
    public virtual int ReadOn(ReadOnlySpan<byte> text) => _child?.ReadOn(text) ?? 0;

    protected abstract InferenceError? OnToken(ref Utf8JsonReader reader);

    /// <summary>Gives this token, and those that follow, to another part until it is done.</summary>
    protected InferenceError? Enter(JsonPart child, ref Utf8JsonReader reader)
    {
        child.Begin();
        _child = child;
        return Accept(ref reader);
    }
}
