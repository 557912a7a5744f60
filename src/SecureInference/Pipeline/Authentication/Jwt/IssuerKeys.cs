using System.Collections.Frozen;
using Microsoft.IdentityModel.Tokens;

namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>The keys that an issuer has published, each with all that a token must be besides; they never change, so that another object is other keys.</summary>
internal sealed class IssuerKeys
{
    private const int SmallestRsaKey = 2048;

    private readonly FrozenDictionary<string, TokenValidationParameters> _named;
    private readonly TokenValidationParameters? _unnamed;
    private readonly TokenValidationParameters _all;

    private IssuerKeys(IReadOnlyList<SecurityKey> keys, Func<IReadOnlyList<SecurityKey>, TokenValidationParameters> parameters)
    {
        _named = keys.Where(static key => !string.IsNullOrEmpty(key.KeyId)).GroupBy(static key => key.KeyId, StringComparer.Ordinal)
            .ToFrozenDictionary(static group => group.Key, group => parameters([.. group]), StringComparer.Ordinal);
        var unnamed = keys.Where(static key => string.IsNullOrEmpty(key.KeyId)).ToArray();
        _unnamed = unnamed.Length == 0 ? null : parameters(unnamed);
        _all = parameters(keys);
        Fingerprint = string.Join(' ', keys.Select(FingerprintOf).Order(StringComparer.Ordinal));
        Count = keys.Count;
    }

    public int Count { get; }

    /// <summary>Gets what tells these keys from others.</summary>
    public string Fingerprint { get; }

    /// <summary>Keeps the keys that a signature can be checked with; a shared secret is none.</summary>
    /// <exception cref="InvalidDataException">There is no such key.</exception>
    public static IssuerKeys Create(IEnumerable<SecurityKey> keys, Func<IReadOnlyList<SecurityKey>, TokenValidationParameters> parameters)
    {
        // The same key may be there twice: once as it is, and once in its certificate.
        var usable = keys.Where(IsUsable).DistinctBy(FingerprintOf).ToArray();
        return usable.Length != 0
            ? new IssuerKeys(usable, parameters)
            : throw new InvalidDataException($"The issuer publishes no key that can be used: none of RSA with {SmallestRsaKey} bits or more, and none of ECDSA.");
    }

    /// <summary>Finds what a token with this key id is verified by.</summary>
    /// <returns><see langword="null"/> where no key is called so.</returns>
    public TokenValidationParameters? Find(string? keyId) =>
        keyId is null ? _all : _named.TryGetValue(keyId, out var parameters) ? parameters : _unnamed;

    private static bool IsUsable(SecurityKey key) =>
        (key is AsymmetricSecurityKey or JsonWebKey { Kty: JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve })
        && key.CanComputeJwkThumbprint()
        && (key.IsSupportedAlgorithm(SecurityAlgorithms.RsaSha256) ? key.KeySize >= SmallestRsaKey : IsElliptic(key));

    private static bool IsElliptic(SecurityKey key) =>
        key.IsSupportedAlgorithm(SecurityAlgorithms.EcdsaSha256) || key.IsSupportedAlgorithm(SecurityAlgorithms.EcdsaSha384) || key.IsSupportedAlgorithm(SecurityAlgorithms.EcdsaSha512);

    private static string FingerprintOf(SecurityKey key) => $"{key.KeyId}:{Convert.ToHexString(key.ComputeJwkThumbprint())}";
}
