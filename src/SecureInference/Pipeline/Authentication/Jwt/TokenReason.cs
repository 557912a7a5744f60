namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>Why a token is refused, for the record only: a closed set, so that it can be counted by.</summary>
internal static class TokenReason
{
    public const string TooLong = "token_too_long";
    public const string Malformed = "token_malformed";
    public const string Encrypted = "token_encrypted";
    public const string WrongAlgorithm = "token_wrong_algorithm";
    public const string WrongType = "token_wrong_type";
    public const string CriticalHeader = "token_critical_header";
    public const string BringsKey = "token_brings_key";
    public const string UnknownIssuer = "token_unknown_issuer";
    public const string UnknownKey = "token_unknown_key";
    public const string WrongSignature = "token_wrong_signature";
    public const string WrongAudience = "token_wrong_audience";
    public const string WithoutExpiry = "token_without_expiry";
    public const string Expired = "token_expired";
    public const string NotYetValid = "token_not_yet_valid";
    public const string WithoutSubject = "token_without_subject";
    public const string Revoked = "token_revoked";
    public const string UnknownConfirmation = "token_unknown_confirmation";
    public const string NotBound = "token_not_bound";
    public const string WrongCertificate = "token_wrong_certificate";

    /// <summary>What the platform's handler finds wrong beyond all that.</summary>
    public const string Rejected = "token_rejected";
}
