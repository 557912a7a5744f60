namespace SecureInference;

/// <summary>A connection's place among those on which nobody is known yet. It lies among the connection's features until the first known caller gives it back.</summary>
internal sealed class StrangerConnection(Action<ClientNetwork> leave, ClientNetwork network)
{
    private Action<ClientNetwork>? _leave = leave;

    /// <summary>Gives the place back, once, whoever comes first: a known caller or the end of the connection.</summary>
    public void Release()
    {
        if (Volatile.Read(ref _leave) is not null)
        {
            Interlocked.Exchange(ref _leave, null)?.Invoke(network);
        }
    }
}
