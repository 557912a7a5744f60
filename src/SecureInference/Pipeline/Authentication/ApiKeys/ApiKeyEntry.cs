using System.Net;
using System.Security.Cryptography;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>A key, ready to be checked.</summary>
internal sealed class ApiKeyEntry
{
    /// <summary>A secret that fits no hash: its row key is none.</summary>
    private static readonly Secret Nothing = new(new byte[ApiKeyVerifier.Length], RowKey: -1, DateTimeOffset.MinValue, IsSuperseded: false, IsRevoked: true);

    private readonly Secret[] _secrets;
    private readonly byte[][] _rowKeys;
    private readonly string? _blocked;

    private ApiKeyEntry(byte[][] rowKeys, Secret[] secrets, string? blocked)
    {
        _rowKeys = rowKeys;
        _secrets = secrets;
        _blocked = blocked;
    }

    /// <summary>Gets what is checked where there are no keys.</summary>
    public static ApiKeyEntry Nobody { get; } = new([new byte[ApiKeyVerifier.Length]], [], blocked: null);

    /// <summary>Gets the caller by each secret.</summary>
    private Caller[] Callers { get; init; } = [];

    public string Id { get; private init; } = "";

    public string Environment { get; private init; } = "";

    /// <summary>Gets where its uses are noted, where they are.</summary>
    public ApiKeyLastUse? LastUse { get; private init; }

    /// <summary>Gets how many hashes a check takes: one for each pepper that secrets of this key were made with.</summary>
    public int Hashes => _rowKeys.Length;

    public int Secrets => _secrets.Length;

    /// <summary>Prepares a row.</summary>
    /// <exception cref="InvalidDataException">It is wrong; the message says which row, and why.</exception>
    public static ApiKeyEntry Create(ApiKeyRow row, ApiKeySnapshot snapshot, ApiKeyPeppers peppers, CallerStates states, ApiKeyLastUses? lastUses)
    {
        if (string.IsNullOrEmpty(row.Owner) || row.Environment is not (ApiKey.Live or ApiKey.Test))
        {
            throw new InvalidDataException($"The key store's row '{row.Id}' lacks its owner or its environment. Remove the row, and create another key.");
        }

        if (!ScopeSet.TryParse(row.Scopes, out var scopes, out var problem))
        {
            throw new InvalidDataException($"The key store's row '{row.Id}' is wrong: {problem}");
        }

        // What is revoked for good needs no pepper, so that an old version can be removed once the keys that were made with it are gone.
        var secrets = row.Secrets.Index().Where(secret =>
            secret.Item.Pepper is not { } version || peppers.Has(version) || (row.Revoked is null && !(secret.Item.Created <= snapshot.RevokedBefore))).ToArray();
        int?[] versions = [.. secrets.Select(static secret => secret.Item.Pepper).Distinct()];
        if (!snapshot.IsSealed && peppers.Newest is not null && Array.Exists(versions, static version => version is null))
        {
            throw new InvalidDataException($"The key store's row '{row.Id}' has a verifier without a pepper, and a pepper is configured. Rotate the key, or remove the row.");
        }

        Secret[] made = [.. secrets.Select(secret => Secret.Create(row, secret.Index, Array.IndexOf(versions, secret.Item.Pepper), snapshot.RevokedBefore))];
        IPNetwork[] networks = [.. (row.Networks ?? []).Select(network => ParseNetwork(row.Id, network))];
        return new ApiKeyEntry(
            versions.Length == 0 ? Nobody._rowKeys : [.. versions.Select(version => ApiKeyVerifier.DeriveRowKey(row, version is { } known ? peppers.Get(known) : null))],
            made,
            row.Revoked is not null ? "key_revoked" : row.Suspended is not null ? "key_suspended" : null)
        {
            Callers = [.. made.Select(secret => new Caller(row.Owner, "ApiKey", scopes, states.Get(row.Owner))
            {
                CredentialId = row.Id,
                Tier = row.Tier,
                HighestPriority = row.Priority,
                Networks = networks,
                Verifier = secret.Verifier,
            })],
            Id = row.Id,
            Environment = row.Environment,
            LastUse = lastUses?.Get(row.Id),
        };
    }

    /// <summary>Finds the secret that was sent.</summary>
    /// <param name="secret">What was sent.</param>
    /// <param name="hashes">How many hashes to compute, at least <see cref="Hashes"/>.</param>
    /// <param name="compares">How many times to compare each, at least <see cref="Secrets"/>.</param>
    /// <returns>Its index, or -1.</returns>
    public int FindSecret(ReadOnlySpan<char> secret, int hashes, int compares)
    {
        Span<byte> hash = stackalloc byte[ApiKeyVerifier.Length];
        var found = -1;
        for (var index = 0; index < hashes; index++)
        {
            // A key with fewer row keys or secrets than another costs as much all the same: time must not tell which ids exist.
            ApiKeyVerifier.Hash(_rowKeys[Math.Min(index, _rowKeys.Length - 1)], secret, hash);
            for (var candidate = 0; candidate < compares; candidate++)
            {
                // Constant time: response time must not reveal how much of a verifier matches.
                var own = candidate < _secrets.Length ? _secrets[candidate] : Nothing;
                if (CryptographicOperations.FixedTimeEquals(hash, own.Verifier) && own.RowKey == index)
                {
                    found = candidate;
                }
            }
        }

        return found;
    }

    /// <summary>Says why a secret of this key is not accepted.</summary>
    public string? WhyNot(int secret, DateTimeOffset now) => _blocked ?? _secrets[secret].WhyNot(now);

    public Caller CallerOf(int secret) => Callers[secret];

    /// <summary>Says why the secret that a caller has sent is not accepted any more. Other rights, or another owner, would have given it another verifier.</summary>
    public string? WhyNot(Caller caller, DateTimeOffset now)
    {
        for (var index = 0; index < _secrets.Length; index++)
        {
            if (_secrets[index].Verifier.AsSpan().SequenceEqual(caller.Verifier))
            {
                return WhyNot(index, now);
            }
        }

        return _blocked ?? "key_superseded";
    }

    private static IPNetwork ParseNetwork(string id, string network) => NetworkNotation.TryParse(network, out var parsed)
        ? parsed
        : throw new InvalidDataException($"The key store's row '{id}' is bound to '{network}', which is no network. {NetworkNotation.Remedy}");

    private sealed record Secret(byte[] Verifier, int RowKey, DateTimeOffset Expires, bool IsSuperseded, bool IsRevoked)
    {
        public static Secret Create(ApiKeyRow row, int index, int rowKey, DateTimeOffset? revokedBefore)
        {
            var secret = row.Secrets[index];
            var verifier = new byte[ApiKeyVerifier.Length];
            return Convert.TryFromBase64String(secret.Verifier, verifier, out var length) && length == verifier.Length
                ? new Secret(verifier, rowKey, secret.Expires ?? DateTimeOffset.MaxValue, index < row.Secrets.Count - 1, secret.Created <= revokedBefore)
                : throw new InvalidDataException($"The key store's row '{row.Id}' has no valid verifier. Remove the row, and create another key.");
        }

        public string? WhyNot(DateTimeOffset now) =>
            IsRevoked ? "key_revoked" : now < Expires ? null : IsSuperseded ? "key_superseded" : "key_expired";
    }
}
