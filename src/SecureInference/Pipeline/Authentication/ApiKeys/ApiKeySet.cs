using System.Collections.Frozen;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>The keys of a store, ready to be looked up; it never changes.</summary>
internal sealed class ApiKeySet
{
    private readonly FrozenDictionary<string, ApiKeyEntry>.AlternateLookup<ReadOnlySpan<char>> _entries;
    private readonly ApiKeyEntry[] _decoys;
    private readonly int _compares;
    private readonly bool _acceptTestKeys;

    private ApiKeySet(Dictionary<string, ApiKeyEntry> entries, bool acceptTestKeys)
    {
        _entries = entries.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _decoys = entries.Count == 0 ? [ApiKeyEntry.Nobody] : [.. entries.Values];
        _compares = _decoys.Max(static entry => entry.Secrets);
        Hashes = _decoys.Max(static entry => entry.Hashes);
        _acceptTestKeys = acceptTestKeys;
        Count = entries.Count;
    }

    public int Count { get; }

    /// <summary>Gets how many hashes each look-up takes, whether its id is known or not.</summary>
    public int Hashes { get; }

    /// <summary>Builds the set.</summary>
    /// <exception cref="InvalidDataException">A row is wrong; the message says which and why.</exception>
    public static ApiKeySet Create(ApiKeySnapshot snapshot, ApiKeyPeppers peppers, CallerStates states, bool acceptTestKeys, ApiKeyLastUses? lastUses = null)
    {
        var entries = new Dictionary<string, ApiKeyEntry>(StringComparer.Ordinal);
        foreach (var row in snapshot.Keys)
        {
            if (!entries.TryAdd(row.Id, ApiKeyEntry.Create(row, snapshot, peppers, states, lastUses)))
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
        var reason = FindEntry(text, now, out var accepted);
        caller = accepted?.Caller;
        return reason;
    }

    /// <summary>Finds the key itself, as <see cref="Find"/> does.</summary>
    public string? FindEntry(ReadOnlySpan<char> text, DateTimeOffset now, out ApiKeyEntry? accepted)
    {
        accepted = null;
        if (!ApiKey.TryParse(text, out var key))
        {
            return "key_malformed";
        }

        // An unknown id is checked against the key of another, and costs the same hashes, comparisons and ways through memory as a known one: time
        // must not tell which ids exist. The other is chosen for known ids, too, for the same reason.
        var decoy = _decoys[(uint)string.GetHashCode(key.Id) % (uint)_decoys.Length];
        var entry = _entries.TryGetValue(key.Id, out var found) ? found : decoy;
        var isKnown = key.Id.SequenceEqual(entry.Id);
        var secret = entry.FindSecret(key.Secret, Hashes, _compares);
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

        accepted = entry;
        return null;
    }

    /// <summary>Says why a key that was accepted before is not any more.</summary>
    public string? Recheck(ReadOnlySpan<char> id, DateTimeOffset now) =>
        _entries.TryGetValue(id, out var entry) ? entry.WhyNot(now) : "key_unknown";
}
