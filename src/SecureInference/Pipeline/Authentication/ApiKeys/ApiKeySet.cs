using System.Collections.Frozen;
using System.Security.Cryptography;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>The keys of a store, ready to be looked up; it never changes.</summary>
internal sealed class ApiKeySet
{
    private readonly FrozenDictionary<string, Entry>.AlternateLookup<ReadOnlySpan<char>> _entries;
    private readonly bool _acceptTestKeys;

    private ApiKeySet(Dictionary<string, Entry> entries, bool acceptTestKeys)
    {
        _entries = entries.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _acceptTestKeys = acceptTestKeys;
    }

    /// <summary>Builds the set.</summary>
    /// <exception cref="InvalidDataException">A row is wrong; the message says which and why.</exception>
    public static ApiKeySet Create(ApiKeyFile file, CallerStates states, bool acceptTestKeys)
    {
        var entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var row in file.Keys)
        {
            if (!entries.TryAdd(row.Id, Entry.Create(row, states)))
            {
                throw new InvalidDataException($"The key store has two rows with the id '{row.Id}'. Remove one.");
            }
        }

        return new ApiKeySet(entries, acceptTestKeys);
    }

    /// <summary>Finds the caller that a key belongs to.</summary>
    /// <param name="text">The key as it was sent.</param>
    /// <param name="now">The time, which expiry is measured by.</param>
    /// <param name="caller">The caller, where the key is accepted.</param>
    /// <returns>Why it is not accepted, for the record only; or <see langword="null"/>.</returns>
    public string? Find(ReadOnlySpan<char> text, DateTimeOffset now, out Caller? caller)
    {
        caller = null;
        if (!ApiKey.TryParse(text, out var key))
        {
            return "key_malformed";
        }

        // An unknown id costs the same hash as a known one: time must not tell which ids exist.
        var isKnown = _entries.TryGetValue(key.Id, out var found);
        var entry = found ?? Entry.Nobody;
        if (!entry.Matches(key.Secret) || !isKnown || !key.Environment.SequenceEqual(entry.Environment))
        {
            return "key_unknown";
        }

        if (entry.WhyNot(now) is { } reason)
        {
            return reason;
        }

        if (!_acceptTestKeys && entry.Environment == ApiKey.Test)
        {
            return "key_for_test_only";
        }

        caller = entry.Caller;
        return null;
    }

    /// <summary>Says why a key that was accepted before is not any more.</summary>
    public string? Recheck(ReadOnlySpan<char> id, DateTimeOffset now) =>
        _entries.TryGetValue(id, out var entry) ? entry.WhyNot(now) : "key_unknown";

    private sealed class Entry
    {
        private readonly byte[] _rights;
        private readonly byte[] _verifier;

        private Entry(byte[] rights, byte[] verifier)
        {
            _rights = rights;
            _verifier = verifier;
        }

        public static Entry Nobody { get; } = new(new byte[128], RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes));

        public Caller? Caller { get; private init; }

        public string Environment { get; private init; } = "";

        private DateTimeOffset Expires { get; init; }

        private bool IsRevoked { get; init; }

        public static Entry Create(ApiKeyRow row, CallerStates states)
        {
            var verifier = new byte[SHA256.HashSizeInBytes];
            if (!Convert.TryFromBase64String(row.Verifier, verifier, out var length) || length != verifier.Length)
            {
                throw new InvalidDataException($"The key store's row '{row.Id}' has no valid verifier. Remove the row, and create another key.");
            }

            if (string.IsNullOrEmpty(row.Owner) || row.Environment is not (ApiKey.Live or ApiKey.Test))
            {
                throw new InvalidDataException($"The key store's row '{row.Id}' lacks its owner or its environment. Remove the row, and create another key.");
            }

            if (!ScopeSet.TryParse(row.Scopes, out var scopes, out var problem))
            {
                throw new InvalidDataException($"The key store's row '{row.Id}' is wrong: {problem}");
            }

            return new Entry(row.RightsToBytes(), verifier)
            {
                Caller = new Caller(row.Owner, "ApiKey", scopes, states.Get(row.Owner)) { CredentialId = row.Id, Tier = row.Tier },
                Environment = row.Environment,
                Expires = row.Expires ?? DateTimeOffset.MaxValue,
                IsRevoked = row.Revoked is not null,
            };
        }

        public string? WhyNot(DateTimeOffset now) => IsRevoked ? "key_revoked" : now >= Expires ? "key_expired" : null;

        public bool Matches(ReadOnlySpan<char> secret)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            ApiKeyRow.Hash(_rights, secret, hash);

            // Constant time: response time must not reveal how much of a verifier matches.
            return CryptographicOperations.FixedTimeEquals(hash, _verifier);
        }
    }
}
