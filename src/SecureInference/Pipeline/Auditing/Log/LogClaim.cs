namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>One process's hold on a folder.</summary>
internal sealed class LogClaim(LogFolder folder) : IDisposable
{
    private readonly List<IDisposable> _locks = [folder.Lock(LogNames.Lock)];

    /// <summary>Puts back what a folder that was removed and made again lacks.</summary>
    public void Restore(byte[] logId)
    {
        if (!folder.Exists(LogNames.Lock))
        {
            _locks.Add(folder.Lock(LogNames.Lock));
        }

        if (!folder.Exists(LogNames.Identity))
        {
            LogIdentity.Write(folder, logId);
        }
    }

    public void Dispose() => _locks.ForEach(static locked => locked.Dispose());
}
