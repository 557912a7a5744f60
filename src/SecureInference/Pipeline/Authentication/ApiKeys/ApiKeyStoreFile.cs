namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>The store file as the server sees it: watched, checked by its seal, and never taken back to an older generation.</summary>
internal sealed class ApiKeyStoreFile : IApiKeyStore, IDisposable
{
    private readonly string _path;
    private readonly Func<ApiKeyPeppers> _peppers;
    private readonly WatchedFile _file;
    private (long Generation, string? Seal) _last;

    public ApiKeyStoreFile(string path, Func<ApiKeyPeppers> peppers, TimeProvider time, Action changed)
    {
        _path = path;
        _peppers = peppers;
        _file = new WatchedFile(path, time, changed);
    }

    public ValueTask<ApiKeySnapshot?> ReadAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_file.ReadIfChanged(Convert));

    /// <summary>Reads the file the next time, whether it has changed or not.</summary>
    public void Forget() => _file.Forget();

    public void Dispose() => _file.Dispose();

    private ApiKeySnapshot Convert(byte[] bytes)
    {
        var file = ApiKeyFile.Parse(bytes, _path);
        ApiKeySeal.Check(file, _peppers());

        // An old file with a good seal would bring back the keys that were revoked since.
        if (file.Seal is not null && (file.Generation < _last.Generation || (file.Generation == _last.Generation && file.Seal != _last.Seal)))
        {
            throw new InvalidDataException(
                $"The key store '{_path}' has generation {file.Generation}, and generation {_last.Generation} was in force. If it was restored on purpose, restart the app.");
        }

        _last = (file.Generation, file.Seal);
        return new ApiKeySnapshot(file.Keys) { RevokedBefore = file.RevokedBefore, IsSealed = file.Seal is not null };
    }
}
