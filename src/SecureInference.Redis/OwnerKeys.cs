using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace SecureInference.Redis;

/// <summary>Names the key that holds an owner's buckets.</summary>
internal sealed class OwnerKeys(string prefix)
{
    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(prefix + ":{");

    /// <summary>Returns the prefix and, in the braces that decide on a cluster's slot, the hash of the owner.</summary>
    /// <remarks>
    /// Hashed: a subject is what somebody else chose. It may hold a brace, which would move its key, or be thousands of characters long; and who may look
    /// at Redis' keys need not read there who the callers are.
    /// </remarks>
    public RedisKey Of(string owner)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(owner.AsSpan()), hash);
        var key = new byte[_prefix.Length + (2 * hash.Length) + 1];
        _prefix.CopyTo(key, 0);
        Convert.TryToHexStringLower(hash, key.AsSpan(_prefix.Length), out _);
        key[^1] = (byte)'}';
        return key;
    }
}
