using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary>The store as the tool uses it: its seal is checked before anything is believed, and every change is made to the file as it is at that moment, by one tool at a time.</summary>
internal sealed class KeyStore(string path, ApiKeyPeppers peppers, TimeProvider time)
{
    public string Path => path;

    public ApiKeyPeppers Peppers => peppers;

    /// <summary>Gets the time in whole seconds: the store, the JSON and the screen show the same instant.</summary>
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());

    /// <summary>Makes secrets that fit the store.</summary>
    public ApiKeyIssuer Issuer => new(() => peppers);

    /// <summary>Reads the store, and checks its seal.</summary>
    /// <exception cref="FileTroubleException">It cannot be read, or is no key store.</exception>
    /// <exception cref="RefusedException">Its seal does not fit.</exception>
    public async Task<ApiKeyFile> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var target = FollowLinks(path);
            return Check(await UnfinishedChange.ReadOrFinishAsync(target, peppers, time, cancellationToken));
        }
        catch (Exception exception) when (StoreTrouble.Is(exception))
        {
            throw StoreTrouble.Explain(path, exception);
        }
    }

    /// <summary>Changes a row of the store.</summary>
    /// <param name="id">The row's id.</param>
    /// <param name="change">Returns the changed row, or <see langword="null"/> where nothing is to be changed.</param>
    /// <param name="cancellationToken">Ends the wait for another tool.</param>
    /// <returns>The row as it was, and as it is now.</returns>
    public async Task<RowChange> ChangeRowAsync(string id, Func<ApiKeyFile, ApiKeyRow, ApiKeyRow?> change, CancellationToken cancellationToken)
    {
        var result = default(RowChange);
        await ChangeAsync(
            file =>
            {
                var found = file.Keys.FirstOrDefault(row => row.Id == id) ?? throw KeyId.Unknown(id, path);
                var changed = change(file, found);
                result = new RowChange(found, changed ?? found, file.RevokedBefore);
                return changed is null ? null : file with { Keys = [.. file.Keys.Select(row => row.Id == id ? changed : row)] };
            },
            makeIfMissing: false,
            cancellationToken);
        return result ?? throw new InvalidOperationException("A change was made that nobody saw.");
    }

    /// <summary>Changes the store.</summary>
    /// <param name="change">Returns the changed store, or <see langword="null"/> where nothing is to be changed.</param>
    /// <param name="makeIfMissing">Whether a missing store counts as an empty one.</param>
    /// <param name="cancellationToken">Ends the wait for another tool.</param>
    /// <exception cref="FileTroubleException">It cannot be read or written, or a server would refuse it.</exception>
    /// <exception cref="RefusedException">Its seal does not fit.</exception>
    public Task ChangeAsync(Func<ApiKeyFile, ApiKeyFile?> change, bool makeIfMissing, CancellationToken cancellationToken) =>
        ChangeUncheckedAsync(file => change(Check(file)), makeIfMissing, cancellationToken);

    /// <summary>Changes a store whose seal the change itself looks at.</summary>
    public async Task ChangeUncheckedAsync(Func<ApiKeyFile, ApiKeyFile?> change, bool makeIfMissing, CancellationToken cancellationToken)
    {
        try
        {
            var target = FollowLinks(path);
            using var held = await StoreLock.AcquireAsync(target, time, cancellationToken);
            var isNew = makeIfMissing && !System.IO.Path.Exists(target);
            var file = isNew ? ApiKeySeal.Add(ApiKeyFile.Empty, peppers) : UnfinishedChange.ReadOrFinish(target, peppers);
            if (change(file) is not { } changed)
            {
                return;
            }

            var whole = ApiKeySeal.Add(changed with { Generation = file.Generation + 1 }, peppers);

            // A server refuses the whole file for one wrong row: the change would look done and have no effect.
            var snapshot = new ApiKeySnapshot(whole.Keys) { RevokedBefore = whole.RevokedBefore, IsSealed = whole.Seal is not null };
            _ = ApiKeySet.Create(snapshot, peppers, new CallerStates(), acceptTestKeys: true);
            whole.Write(target);
        }
        catch (Exception exception) when (StoreTrouble.Is(exception))
        {
            throw StoreTrouble.Explain(path, exception);
        }
    }

    private ApiKeyFile Check(ApiKeyFile file)
    {
        StoreSeal.Check(file, path, peppers);
        return file;
    }

    // Replacing a link by a file would leave the file that others read as it was.
    private static string FollowLinks(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? path : file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
    }
}
