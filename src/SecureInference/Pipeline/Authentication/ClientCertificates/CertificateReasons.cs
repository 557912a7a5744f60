namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>Why a certificate is not accepted, for the record only: the caller always sees the same answer.</summary>
internal static class CertificateReasons
{
    public const string Malformed = "certificate_malformed";
    public const string Untrusted = "certificate_untrusted";
    public const string Expired = "certificate_expired";
    public const string NotYetValid = "certificate_not_yet_valid";
    public const string Weak = "certificate_weak";
    public const string Usage = "certificate_usage";
    public const string Revoked = "certificate_revoked";
    public const string RevocationUnknown = "certificate_revocation_unknown";
    public const string Subject = "certificate_subject";
}
