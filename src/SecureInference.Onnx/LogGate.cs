namespace SecureInference.Onnx;

/// <summary>Lets one event a second through, so that a caller who makes a model fail cannot fill the log.</summary>
internal sealed class LogGate(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long? _last;
    private long _unsaid;

    public bool TryPass(out long unsaid)
    {
        lock (_lock)
        {
            unsaid = _unsaid;
            if (_last is { } last && time.GetElapsedTime(last) < Pause)
            {
                _unsaid++;
                return false;
            }

            _last = time.GetTimestamp();
            _unsaid = 0;
            return true;
        }
    }
}
