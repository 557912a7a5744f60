using System.Text.Json;

namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>What a token claims, as far as it matters here; it is true once the token was verified.</summary>
internal sealed class TokenClaims
{
    /// <summary>OpenID Connect's bound for a subject; names go into records, and stay there.</summary>
    private const int MaxNameLength = 255;

    private TokenClaims(string issuer, string subject)
    {
        Issuer = issuer;
        Subject = subject;
    }

    public string Issuer { get; }

    public string Subject { get; }

    public string? Id { get; private init; }

    public TokenLifetime Lifetime { get; private init; }

    public DateTimeOffset? IssuedAt { get; private init; }

    public IReadOnlyList<string> Scopes { get; private init; } = [];

    /// <summary>Gets the SHA-256 of the certificate that the token is bound to, where it is.</summary>
    public byte[]? Certificate { get; private init; }

    /// <summary>Reads a payload.</summary>
    /// <returns>Why the token is refused, or <see langword="null"/>.</returns>
    /// <exception cref="FormatException">A claim has not the form that its name demands.</exception>
    public static string? Read(JsonElement json, out TokenClaims? claims)
    {
        claims = null;
        if (!json.TryGetProperty("exp", out var expires))
        {
            return TokenReason.WithoutExpiry;
        }

        if (!json.TryGetProperty("iss", out var issuer))
        {
            return TokenReason.UnknownIssuer;
        }

        if (!json.TryGetProperty("sub", out var subject) || Name(subject) is not { Length: > 0 } caller)
        {
            return TokenReason.WithoutSubject;
        }

        var certificate = default(byte[]);
        if (json.TryGetProperty("cnf", out var confirmation) && !TryConfirmation(confirmation, out certificate))
        {
            return TokenReason.UnknownConfirmation;
        }

        claims = new TokenClaims(TokenJson.Text(issuer), caller)
        {
            Id = json.TryGetProperty("jti", out var id) ? Name(id) : null,
            Lifetime = new TokenLifetime(json.TryGetProperty("nbf", out var from) ? TokenJson.Date(from) : DateTimeOffset.UnixEpoch, TokenJson.Date(expires)),
            IssuedAt = json.TryGetProperty("iat", out var issued) ? TokenJson.Date(issued) : null,
            Scopes = [.. Words(json, "scope"), .. Words(json, "scp")],
            Certificate = certificate,
        };
        return null;
    }

    // RFC 7800: what proves possession. Only the certificate can be checked here, and what cannot be checked must not count as proven.
    private static bool TryConfirmation(JsonElement json, out byte[]? certificate)
    {
        certificate = null;
        if (json.ValueKind != JsonValueKind.Object || json.GetPropertyCount() != 1 || !json.TryGetProperty("x5t#S256", out var thumbprint))
        {
            return false;
        }

        certificate = TokenJson.TryDecode(TokenJson.Text(thumbprint));
        return certificate is { Length: 32 };
    }

    private static string Name(JsonElement json)
    {
        var name = TokenJson.Text(json);
        return name.Length <= MaxNameLength && !name.AsSpan().ContainsAnyInRange('\0', '\u001f') ? name : throw new FormatException("A name is too long, or has control characters.");
    }

    // Servers write one text with blanks, or a list.
    private static IEnumerable<string> Words(JsonElement json, string claim) => !json.TryGetProperty(claim, out var words) ? []
        : words.ValueKind == JsonValueKind.Array ? words.EnumerateArray().Select(TokenJson.Text)
        : TokenJson.Text(words).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
