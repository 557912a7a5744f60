using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;

namespace SecureInference.Benchmarks;

/// <summary>The keys of <see cref="PlatformKeyHandler"/>, by the SHA-256 of the key.</summary>
public sealed class PlatformKeyOptions : AuthenticationSchemeOptions
{
    internal Dictionary<string, (string Owner, string Scope)> Keys { get; } = new(StringComparer.Ordinal);

    internal static string Hash(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    internal void Add(string key, string owner, string scope) => Keys[Hash(key)] = (owner, scope);
}
