namespace SecureInference.Models.Protection.Signing;

/// <summary>The members that one JSON object has had.</summary>
internal struct SeenMembers
{
    /// <summary>Objects with more are none of ours: what they are remembered by must stay small.</summary>
    private const int MaxUnknown = 64;

    private ulong _known;
    private HashSet<string>? _unknown;

    public readonly bool Has(int name) => (_known & (1UL << name)) != 0;

    /// <returns><see langword="false"/> where it was there before.</returns>
    public bool TryAdd(int name)
    {
        var before = _known;
        _known |= 1UL << name;
        return _known != before;
    }

    /// <returns><see langword="false"/> where it was there before, or there are too many.</returns>
    public bool TryAdd(string name)
    {
        _unknown ??= new HashSet<string>(StringComparer.Ordinal);
        return _unknown.Count < MaxUnknown && _unknown.Add(name);
    }
}
