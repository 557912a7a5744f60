using SecureInference.Pipeline.Authentication.Revocations;

namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>What certificates are judged by at one time; it never changes, and a verdict holds as long as it is the same object.</summary>
internal sealed class ClientTrust(TrustBundle bundle, RevocationList revoked, IReadOnlyList<CertificateRevocations>[] lists)
{
    private readonly IReadOnlyList<CertificateRevocations>[] _lists = lists;

    public TrustBundle Bundle { get; } = bundle;

    /// <summary>Gets what the team itself has revoked.</summary>
    public RevocationList Revoked { get; } = revoked;

    /// <summary>Gets whether authorities' lists are configured, so that every authority needs one.</summary>
    public bool NeedsLists => _lists.Length != 0;

    /// <summary>Gets the authorities' lists of all files.</summary>
    public IEnumerable<CertificateRevocations> Lists => _lists.SelectMany(static file => file);

    /// <summary>Says whether it is made of these.</summary>
    public bool Consists(TrustBundle bundle, RevocationList revoked) => ReferenceEquals(Bundle, bundle) && ReferenceEquals(Revoked, revoked);

    /// <summary>Says whether a file's lists are these.</summary>
    public bool Consists(int file, IReadOnlyList<CertificateRevocations> lists) => ReferenceEquals(_lists[file], lists);
}
