using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary>Finishes the change that a killed tool left half done: the whole new store lies beside the half-written one.</summary>
internal static class UnfinishedChange
{
    /// <summary>Reads a store, and finishes a change first, once no other tool is at it.</summary>
    public static async Task<ApiKeyFile> ReadOrFinishAsync(string store, ApiKeyPeppers peppers, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return ApiKeyFile.Read(store);
        }
        catch (InvalidDataException) when (File.Exists(ApiKeyFile.UnfinishedPath(store)))
        {
            using var held = await StoreLock.AcquireAsync(store, time, cancellationToken);
            return ReadOrFinish(store, peppers);
        }
    }

    /// <summary>Reads a store, and finishes a change first; the caller holds the lock.</summary>
    /// <exception cref="InvalidDataException">It is not valid, and there is no change that could be finished.</exception>
    /// <exception cref="RefusedException">The seal of the unfinished change does not fit.</exception>
    public static ApiKeyFile ReadOrFinish(string store, ApiKeyPeppers peppers)
    {
        try
        {
            return ApiKeyFile.Read(store);
        }
        catch (InvalidDataException) when (File.Exists(ApiKeyFile.UnfinishedPath(store)))
        {
            // Whoever can write in the folder can put a file there: it must be as good as the store itself would have to be.
            var whole = ReadUnfinished(store);
            StoreSeal.Check(whole, store, peppers);
            whole.FinishWrite(store);
            return whole;
        }
    }

    private static ApiKeyFile ReadUnfinished(string store)
    {
        var unfinished = ApiKeyFile.UnfinishedPath(store);
        try
        {
            return ApiKeyFile.Read(unfinished);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"Neither the key store '{store}' nor what lies beside it, '{unfinished}', is valid. Restore the store from a copy.", exception);
        }
    }
}
