using System.Text.Json.Serialization;

namespace SecureInference.Pipeline.Authentication.Revocations;

/// <summary>A row of the list; which members stand together says what is revoked.</summary>
internal sealed record RevocationRow
{
    [JsonPropertyName("jti")]
    public string? TokenId { get; init; }

    [JsonPropertyName("iss")]
    public string? Issuer { get; init; }

    [JsonPropertyName("sub")]
    public string? TokenSubject { get; init; }

    [JsonPropertyName("issuedBefore")]
    public DateTimeOffset? IssuedBefore { get; init; }

    /// <summary>Gets the SHA-256 of a certificate, in hexadecimal digits.</summary>
    [JsonPropertyName("certificate")]
    public string? Certificate { get; init; }

    /// <summary>Gets the name in a certificate, such as a SPIFFE id.</summary>
    [JsonPropertyName("subject")]
    public string? CertificateSubject { get; init; }
}
