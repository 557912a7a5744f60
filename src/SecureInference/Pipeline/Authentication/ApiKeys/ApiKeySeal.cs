using System.Security.Cryptography;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>An HMAC-SHA-256 under the pepper over everything in a store file: every row with all that it says, their order, and the generation.</summary>
internal static class ApiKeySeal
{
    /// <summary>Seals a store with the newest pepper; without one, it has no seal.</summary>
    public static ApiKeyFile Add(ApiKeyFile file, ApiKeyPeppers peppers)
    {
        var named = file with { Pepper = peppers.Newest, Seal = null };
        return peppers.Newest is { } version ? named with { Seal = Convert.ToBase64String(Compute(named, peppers.Get(version))) } : named;
    }

    /// <summary>Checks that a store was written by somebody who knows the pepper; without a pepper, that it says nothing of one.</summary>
    /// <exception cref="InvalidDataException">It was not.</exception>
    public static void Check(ApiKeyFile file, ApiKeyPeppers peppers)
    {
        if (peppers.Newest is null)
        {
            if (file.Seal is not null || file.Pepper is not null)
            {
                throw new InvalidDataException($"The key store is sealed with a pepper, and none is configured. Set SecureInference:ApiKeys:PepperFile, or {ApiKeyPeppers.Variable}.");
            }

            return;
        }

        if (file.Seal is null || file.Pepper is not { } version)
        {
            throw new InvalidDataException(
                "The key store is not sealed, and a pepper is configured. If you know that every key in it is meant to be there, seal it with 'secure-inference keys seal'.");
        }

        var seal = new byte[HMACSHA256.HashSizeInBytes];
        if (!Convert.TryFromBase64String(file.Seal, seal, out var length)
            || length != seal.Length
            || !CryptographicOperations.FixedTimeEquals(Compute(file, peppers.Get(version)), seal))
        {
            throw new InvalidDataException(
                "The key store's seal does not fit: it was changed by something else than 'secure-inference keys', or is sealed with another pepper. Check the pepper, or restore the store from a copy.");
        }
    }

    private static byte[] Compute(ApiKeyFile file, byte[] pepper)
    {
        var writer = new FieldWriter();
        writer.Append("secure-inference key store v2");
        writer.Append(file.Generation);
        writer.Append(file.RevokedBefore);
        writer.Append(file.Pepper);
        writer.Append(file.Keys.Count);
        foreach (var row in file.Keys)
        {
            ApiKeyVerifier.AppendRights(writer, row);
            writer.Append(row.Created);
            writer.Append(row.Suspended);
            writer.Append(row.Revoked);
            writer.Append(row.Secrets.Count);
            foreach (var secret in row.Secrets)
            {
                writer.Append(secret.Verifier);
                writer.Append(secret.Pepper);
                writer.Append(secret.Created);
                writer.Append(secret.Expires);
            }
        }

        return HMACSHA256.HashData(pepper, writer.Written);
    }
}
