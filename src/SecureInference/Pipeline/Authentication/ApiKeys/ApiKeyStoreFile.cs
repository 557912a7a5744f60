namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>The store file as the server sees it: watched, checked by its seal, and never taken back to an older generation.</summary>
internal sealed class ApiKeyStoreFile : IApiKeyStore, IDisposable
{
    /// <summary>Writing a store takes milliseconds: a tool that takes longer was killed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly string _path;
    private readonly Func<ApiKeyPeppers> _peppers;
    private readonly TimeProvider _time;
    private readonly WatchedFile _file;
    private long? _unfinishedSince;
    private (long Generation, string? Seal)? _last;

    public ApiKeyStoreFile(string path, Func<ApiKeyPeppers> peppers, TimeProvider time, Action changed)
    {
        _path = path;
        _peppers = peppers;
        _time = time;
        _file = new WatchedFile(path, time, changed);
    }

    public ValueTask<ApiKeySnapshot?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return ValueTask.FromResult(Read());
        }
        catch (InvalidDataException) when (_last is not null)
        {
            // Half of a change is no failure: either the next look sees the whole of it, or it is whole by now.
            return ValueTask.FromResult(IsBeingWritten() ? null : Read());
        }
    }

    /// <summary>Reads the file the next time, whether it has changed or not.</summary>
    public void Forget() => _file.Forget();

    public void Dispose() => _file.Dispose();

    private ApiKeySnapshot? Read()
    {
        var snapshot = _file.ReadIfChanged(Convert);
        _unfinishedSince = null;
        return snapshot;
    }

    private bool IsBeingWritten()
    {
        if (!File.Exists(ApiKeyFile.UnfinishedPath(RealPath.Of(_path))))
        {
            return false;
        }

        _unfinishedSince ??= _time.GetTimestamp();
        return _time.GetElapsedTime(_unfinishedSince.Value) < Patience;
    }

    private ApiKeySnapshot Convert(byte[] bytes)
    {
        var file = ApiKeyFile.Parse(bytes, _path);
        ApiKeySeal.Check(file, _peppers());

        // An old file with a good seal would bring back the keys that were revoked since.
        if (_last is { } last && file.Seal is not null && (file.Generation < last.Generation || (file.Generation == last.Generation && file.Seal != last.Seal)))
        {
            throw new InvalidDataException(
                $"The key store '{_path}' has generation {file.Generation}, and generation {last.Generation} was read before. If it was restored on purpose, restart the app.");
        }

        _last = (file.Generation, file.Seal);
        return new ApiKeySnapshot(file.Keys) { RevokedBefore = file.RevokedBefore, IsSealed = file.Seal is not null };
    }
}
