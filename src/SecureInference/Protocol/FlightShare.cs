namespace SecureInference.Protocol;

/// <summary>What one request holds of the bytes in flight, from before its body is read until it is answered.</summary>
internal sealed class FlightShare(BytesInFlight all, string subject) : IDisposable
{
    private string _subject = subject;
    private long _held;

    /// <summary>Gets why it could not grow.</summary>
    public InferenceError? Refusal { get; private set; }

    /// <summary>Begins with another request's caller.</summary>
    public void Begin(string caller)
    {
        Dispose();
        _subject = caller;
        Refusal = null;
    }

    /// <summary>Makes it as large as the body is known to be.</summary>
    /// <returns><see langword="false"/> where that many bytes cannot be held at the moment.</returns>
    public bool TryGrowTo(long bytes)
    {
        if (bytes > _held)
        {
            Refusal = all.TryAdd(_subject, _held, bytes - _held);
            _held = Refusal is null ? bytes : _held;
        }

        return Refusal is null;
    }

    public void Dispose()
    {
        if (_held > 0)
        {
            all.Remove(_subject, _held);
            _held = 0;
        }
    }
}
