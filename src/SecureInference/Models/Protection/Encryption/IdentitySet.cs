namespace SecureInference.Models.Protection.Encryption;

/// <summary>The identities of one model, in memory for as long as it loads.</summary>
internal sealed class IdentitySet : IDisposable
{
    /// <summary>Each costs a key agreement for every recipient of a file.</summary>
    public const int MaxIdentities = 64;

    private readonly List<IAgeIdentity> _identities = [];

    public IReadOnlyList<IAgeIdentity> Identities => _identities;

    public void Add(IAgeIdentity identity)
    {
        _identities.Add(identity);
        if (_identities.Count > MaxIdentities)
        {
            throw new InvalidDataException($"there are more than {MaxIdentities} identities; list only those that the model is encrypted for");
        }
    }

    public void Dispose()
    {
        foreach (var identity in _identities.OfType<IDisposable>())
        {
            identity.Dispose();
        }
    }
}
