using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>What the store knows of a key: everything but the key.</summary>
/// <remarks>The verifier is a hash of the secret together with the row's rights, so that who edits the rights of a row without
/// knowing the key breaks it. A plain hash is enough for a secret of 256 random bits.</remarks>
internal sealed record ApiKeyRow
{
    public required string Id { get; init; }

    public required string Environment { get; init; }

    public required string Owner { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public string? Tier { get; init; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public DateTimeOffset? Revoked { get; init; }

    /// <summary>Gets the hash of the row's rights and the secret, in base64.</summary>
    public string Verifier { get; init; } = "";

    /// <summary>Returns the bytes that are hashed before the secret: each field after its length, so that none can run into the next.</summary>
    public byte[] RightsToBytes()
    {
        var writer = new ArrayBufferWriter<byte>();
        Append(writer, "secure-inference api key v1");
        Append(writer, Id);
        Append(writer, Environment);
        Append(writer, Owner);
        Append(writer, Tier ?? "");
        Append(writer, Expires?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) ?? "");
        foreach (var scope in Scopes)
        {
            Append(writer, scope);
        }

        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Hashes the rights and the secret.</summary>
    public static void Hash(ReadOnlySpan<byte> rights, ReadOnlySpan<char> secret, Span<byte> hash)
    {
        const int StackLimit = 1024;
        var length = rights.Length + secret.Length;
        var bytes = length <= StackLimit ? stackalloc byte[length] : new byte[length];
        rights.CopyTo(bytes);
        Encoding.ASCII.GetBytes(secret, bytes[rights.Length..]);
        SHA256.HashData(bytes, hash);
        CryptographicOperations.ZeroMemory(bytes);
    }

    private static void Append(ArrayBufferWriter<byte> writer, string field)
    {
        BinaryPrimitives.WriteInt32LittleEndian(writer.GetSpan(sizeof(int)), Encoding.UTF8.GetByteCount(field));
        writer.Advance(sizeof(int));
        Encoding.UTF8.GetBytes(field, writer);
    }
}
