namespace SecureInference.Models.Protection.Signing;

/// <summary>What a signature is checked with.</summary>
internal enum SignatureMethod
{
    /// <summary>A public key that is known already.</summary>
    Key,

    /// <summary>A certificate of an authority that is known already.</summary>
    Certificate,

    /// <summary>A certificate that lives for minutes, and a public log ("keyless").</summary>
    Sigstore,
}
