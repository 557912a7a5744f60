using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary>Checks a store's seal before the tool believes it, in the words of the tool's own options.</summary>
internal static class StoreSeal
{
    /// <exception cref="RefusedException">It does not fit what is known of the pepper.</exception>
    public static void Check(ApiKeyFile file, string path, ApiKeyPeppers peppers)
    {
        var isSealed = file.Seal is not null || file.Pepper is not null;
        if (isSealed && peppers.Newest is null)
        {
            throw new RefusedException($"The key store '{path}' is sealed with a pepper. Name its file with --pepper-file, or set {ApiKeyPeppers.Variable}.");
        }

        if (!isSealed && peppers.Newest is not null)
        {
            throw new RefusedException(
                $"The key store '{path}' is not sealed, and a pepper is given. Look at its rows with 'secure-inference keys list', without the pepper; "
                + "if every key is meant to be there, seal it with 'secure-inference keys seal'.");
        }

        try
        {
            ApiKeySeal.Check(file, peppers);
        }
        catch (InvalidDataException exception)
        {
            throw new RefusedException($"{exception.Message} Nothing was changed.", exception);
        }
    }
}
