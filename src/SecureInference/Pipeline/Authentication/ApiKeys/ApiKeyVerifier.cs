using System.Security.Cryptography;
using System.Text;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>What a secret is checked by: SHA-256 of a 32-byte row key and the secret, where the row key is the HMAC-SHA-256 of the row's rights under the pepper, or their plain SHA-256 without one.</summary>
/// <remarks>The row key is derived once, when a store is read, and each request costs one hash. A plain hash is enough for a secret of 256 random bits. Who knows neither the
/// pepper nor the secret can make no verifier: neither for a new key nor for other rights of an old one.</remarks>
internal static class ApiKeyVerifier
{
    public const int Length = SHA256.HashSizeInBytes;

    // One for each thread: a new one costs as much as the hash. It keeps nothing of what it has hashed.
    [ThreadStatic]
    private static IncrementalHash? _hash;

    /// <summary>Derives the row key.</summary>
    /// <param name="row">The row, whose rights count.</param>
    /// <param name="pepper">The pepper, or <see langword="null"/>.</param>
    public static byte[] DeriveRowKey(ApiKeyRow row, byte[]? pepper)
    {
        var writer = new FieldWriter();
        AppendRights(writer, row);
        return pepper is null ? SHA256.HashData(writer.Written) : HMACSHA256.HashData(pepper, writer.Written);
    }

    /// <summary>Appends all that a key may do and is: what a verifier holds fast.</summary>
    public static void AppendRights(FieldWriter writer, ApiKeyRow row)
    {
        writer.Append("secure-inference api key v2");
        writer.Append(row.Id);
        writer.Append(row.Environment);
        writer.Append(row.Owner);
        writer.Append(row.Tier);
        writer.Append(row.Priority);
        writer.Append(row.Scopes);
        writer.Append(row.Networks ?? []);
    }

    /// <summary>Hashes a secret.</summary>
    public static void Hash(ReadOnlySpan<byte> rowKey, ReadOnlySpan<char> secret, Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[Length + ApiKey.SecretLength];
        rowKey.CopyTo(bytes);
        if (Encoding.ASCII.TryGetBytes(secret, bytes[Length..], out var written))
        {
            var sha256 = _hash ?? IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

            // One that fails may hold half of a secret, and must not be used again.
            _hash = null;
            sha256.AppendData(bytes[..(Length + written)]);
            sha256.GetHashAndReset(hash);
            _hash = sha256;
        }

        CryptographicOperations.ZeroMemory(bytes);
    }
}
