namespace SecureInference.Tool.Keys;

/// <summary>Whether a key works.</summary>
internal enum KeyState
{
    Active,

    /// <summary>It works with its new secret, and for a while with the old one.</summary>
    Rotating,
    Suspended,
    Expired,

    /// <summary>All its secrets were revoked, with everything made until an instant; it can be given a new one.</summary>
    Ended,

    /// <summary>It is revoked itself, for good.</summary>
    Revoked,
}
