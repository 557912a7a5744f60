namespace SecureInference.Tool.Keys;

/// <summary>Whether a key works.</summary>
internal enum KeyState
{
    Active,
    Expired,
    Revoked,
}
