using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary>The store as the tool uses it: every change is made to the file as it is at that moment, by one tool at a time.</summary>
internal sealed class KeyStore(string path, TimeProvider time)
{
    /// <summary>Reads the store.</summary>
    /// <exception cref="FileTroubleException">It cannot be read, or is no key store.</exception>
    public ApiKeyFile Read()
    {
        try
        {
            return ApiKeyFile.Read(path);
        }
        catch (Exception exception) when (IsFileTrouble(exception))
        {
            throw Explain(exception);
        }
    }

    /// <summary>Changes the store.</summary>
    /// <param name="change">Returns the changed store, or <see langword="null"/> where nothing is to be changed.</param>
    /// <param name="makeIfMissing">Whether a missing store counts as an empty one.</param>
    /// <param name="cancellationToken">Ends the wait for another tool.</param>
    /// <exception cref="FileTroubleException">It cannot be read or written, or a server would refuse it.</exception>
    public async Task ChangeAsync(Func<ApiKeyFile, ApiKeyFile?> change, bool makeIfMissing, CancellationToken cancellationToken)
    {
        try
        {
            var target = FollowLinks(path);
            using var held = await StoreLock.AcquireAsync(target, time, cancellationToken);
            var file = makeIfMissing && !Path.Exists(target) ? ApiKeyFile.Empty : ApiKeyFile.Read(target);
            if (change(file) is not { } changed)
            {
                return;
            }

            // A server refuses the whole file for one wrong row: the change would look done and have no effect.
            _ = ApiKeySet.Create(new ApiKeySnapshot(changed.Keys), ApiKeyPeppers.None, new CallerStates(), acceptTestKeys: true);
            (changed with { Generation = file.Generation + 1 }).Write(target);
        }
        catch (Exception exception) when (IsFileTrouble(exception))
        {
            throw Explain(exception);
        }
    }

    // Replacing a link by a file would leave the file that others read as it was.
    private static string FollowLinks(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? path : file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
    }

    private static bool IsFileTrouble(Exception exception) => exception is IOException or UnauthorizedAccessException or InvalidDataException;

    private FileTroubleException Explain(Exception exception) => new(
        exception switch
        {
            FileNotFoundException => $"The key store '{path}' does not exist. Check --store; 'secure-inference keys create' makes a store.",
            DirectoryNotFoundException => $"The folder of '{path}' does not exist. Make it, or check --store.",
            UnauthorizedAccessException when Directory.Exists(path) =>
                $"'{path}' is a folder, not a key store. Name a file in it, for example '{Path.Combine(path, "keys.json")}'.",
            InvalidDataException => $"{exception.Message} Nothing was changed.",
            _ => $"The key store '{path}' cannot be used: {exception.Message.TrimEnd('.')}. "
                + "Check --store, and that you may read and write the file and its folder.",
        },
        exception);
}
