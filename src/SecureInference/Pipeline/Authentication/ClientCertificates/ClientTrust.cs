namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>What certificates are judged by at one time; it never changes, and a verdict holds as long as it is the same object.</summary>
internal sealed class ClientTrust(TrustBundle bundle, IReadOnlyList<CertificateRevocations>[] revocations)
{
    private readonly IReadOnlyList<CertificateRevocations>[] _revocations = revocations;

    public TrustBundle Bundle { get; } = bundle;

    /// <summary>Gets whether lists are configured, so that every authority needs one.</summary>
    public bool ChecksRevocation => _revocations.Length != 0;

    /// <summary>Gets the lists of all files.</summary>
    public IEnumerable<CertificateRevocations> Revocations => _revocations.SelectMany(static file => file);

    /// <summary>Says whether it is made of these.</summary>
    public bool Consists(TrustBundle bundle) => ReferenceEquals(Bundle, bundle);

    /// <summary>Says whether a file's lists are these.</summary>
    public bool Consists(int file, IReadOnlyList<CertificateRevocations> lists) => ReferenceEquals(_revocations[file], lists);
}
