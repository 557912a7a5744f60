namespace SecureInference.Onnx.Canary;

/// <summary>Remembers which models were tried and loaded, as long as the app runs.</summary>
internal sealed class PassedModels
{
    /// <summary>Far more than an app serves; of what is forgotten, a load is tried again.</summary>
    private const int MaxCount = 1024;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public bool Contains(string key)
    {
        lock (_lock)
        {
            return _keys.Contains(key);
        }
    }

    public void Add(string key)
    {
        lock (_lock)
        {
            if (_keys.Add(key))
            {
                _order.Enqueue(key);
            }

            if (_order.Count > MaxCount)
            {
                _keys.Remove(_order.Dequeue());
            }
        }
    }
}
