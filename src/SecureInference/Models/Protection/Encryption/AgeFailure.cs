namespace SecureInference.Models.Protection.Encryption;

/// <summary>Which part of an age file is not as it must be.</summary>
internal enum AgeFailure
{
    /// <summary>The header is malformed, or asks for more than is allowed.</summary>
    Header,

    /// <summary>The file is sound as far as one can see, but none of the identities is one that it was made for.</summary>
    NoMatch,

    /// <summary>The header was changed: its authentication code is wrong.</summary>
    HeaderMac,

    /// <summary>The payload was changed, cut or lengthened.</summary>
    Payload,

    /// <summary>The ASCII armor is malformed.</summary>
    Armor,
}
