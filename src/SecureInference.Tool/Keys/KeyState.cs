namespace SecureInference.Tool.Keys;

/// <summary>Whether a key works.</summary>
internal enum KeyState
{
    Active,

    /// <summary>It works with its new secret, and for a while with the old one.</summary>
    Rotating,
    Suspended,
    Expired,
    Revoked,
}
