namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>Remembers tokens that were verified, in a table of fixed size: strangers cannot fill it, and nobody can make it grow.</summary>
/// <remarks>Entries never change; a slot is one reference that is read and written whole, so that nobody waits.</remarks>
internal sealed class TokenCache
{
    /// <summary>Places for tokens whose hashes begin alike; few, since each is looked at.</summary>
    private const int Ways = 4;

    private readonly ValidatedToken?[] _slots;
    private readonly ulong _sets;

    /// <param name="size">How many tokens it remembers, about; 0 for none.</param>
    public TokenCache(int size)
    {
        _sets = (ulong)((size + Ways - 1) / Ways);
        _slots = new ValidatedToken?[(int)_sets * Ways];
    }

    public ValidatedToken? Find(in TokenHash hash)
    {
        foreach (ref var slot in SetOf(hash))
        {
            if (Volatile.Read(ref slot) is { } token && token.Hash == hash)
            {
                return token;
            }
        }

        return null;
    }

    /// <summary>Remembers a token, in the place of its own older entry, of none, or of the one that was verified longest ago.</summary>
    public void Add(ValidatedToken token)
    {
        var set = SetOf(token.Hash);
        if (set.IsEmpty)
        {
            return;
        }

        var place = 0;
        var oldest = long.MaxValue;
        for (var way = 0; way < set.Length; way++)
        {
            var other = Volatile.Read(ref set[way]);
            if (other is null || other.Hash == token.Hash)
            {
                place = way;
                break;
            }

            if (other.Verified < oldest)
            {
                oldest = other.Verified;
                place = way;
            }
        }

        Volatile.Write(ref set[place], token);
    }

    // Hashes are spread evenly, and who chooses tokens chooses no hash: the rest of a division is as good as any.
    private Span<ValidatedToken?> SetOf(in TokenHash hash) => _sets == 0 ? [] : _slots.AsSpan((int)(hash.First % _sets) * Ways, Ways);
}
