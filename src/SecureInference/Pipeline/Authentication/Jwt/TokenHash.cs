using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>The SHA-256 of a token: the token itself is a secret, and is kept nowhere.</summary>
internal readonly record struct TokenHash(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    public static TokenHash Of(ReadOnlySpan<char> token)
    {
        // Of the characters as they lie in memory: nothing is converted, so that no two tokens become one.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(token), hash);
        var words = MemoryMarshal.Cast<byte, ulong>(hash);
        return new TokenHash(words[0], words[1], words[2], words[3]);
    }
}
