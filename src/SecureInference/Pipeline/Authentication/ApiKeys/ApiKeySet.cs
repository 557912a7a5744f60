using System.Collections.Frozen;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>The keys of a store, ready to be looked up; it never changes.</summary>
internal sealed class ApiKeySet
{
    private readonly FrozenDictionary<string, ApiKeyEntry>.AlternateLookup<ReadOnlySpan<char>> _entries;
    private readonly int _hashes;
    private readonly bool _acceptTestKeys;

    private ApiKeySet(Dictionary<string, ApiKeyEntry> entries, bool acceptTestKeys)
    {
        _entries = entries.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _hashes = entries.Values.Select(static entry => entry.Hashes).Append(1).Max();
        _acceptTestKeys = acceptTestKeys;
        Count = entries.Count;
    }

    public int Count { get; }

    /// <summary>Builds the set.</summary>
    /// <exception cref="InvalidDataException">A row is wrong; the message says which and why.</exception>
    public static ApiKeySet Create(ApiKeySnapshot snapshot, ApiKeyPeppers peppers, CallerStates states, bool acceptTestKeys)
    {
        var entries = new Dictionary<string, ApiKeyEntry>(StringComparer.Ordinal);
        foreach (var row in snapshot.Keys)
        {
            if (!entries.TryAdd(row.Id, ApiKeyEntry.Create(row, snapshot, peppers, states)))
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

        // An unknown id costs the same hashes as a known one: time must not tell which ids exist.
        var isKnown = _entries.TryGetValue(key.Id, out var found);
        var entry = found ?? ApiKeyEntry.Nobody;
        var secret = entry.FindSecret(key.Secret, _hashes);
        if (secret < 0 || !isKnown || !key.Environment.SequenceEqual(entry.Environment))
        {
            return "key_unknown";
        }

        if (entry.WhyNot(secret, now) is { } reason)
        {
            return reason;
        }

        if (!_acceptTestKeys && entry.Environment == ApiKey.Test)
        {
            return "key_for_test_only";
        }

        caller = entry.CallerOf(secret);
        return null;
    }

    /// <summary>Says why the secret of a key that was accepted before is not any more.</summary>
    public string? Recheck(Caller caller, DateTimeOffset now) =>
        _entries.TryGetValue(caller.CredentialId, out var entry) ? entry.WhyNot(caller, now) : "key_unknown";
}
