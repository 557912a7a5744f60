using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>A token that was taken apart, and that nobody has vouched for yet.</summary>
internal sealed record ParsedToken(TokenHeader Header, TokenClaims Claims)
{
    private const int DotsOfASignedToken = 2;
    private const int DotsOfAnEncryptedToken = 4;

    /// <summary>Takes a token apart.</summary>
    /// <param name="token">The token.</param>
    /// <param name="parsed">Its parts.</param>
    /// <param name="reason">Why it is refused.</param>
    /// <returns>Whether it is worth looking for its issuer.</returns>
    public static bool TryParse(ReadOnlySpan<char> token, [NotNullWhen(true)] out ParsedToken? parsed, [NotNullWhen(false)] out string? reason)
    {
        parsed = null;
        var dots = token.Count('.');
        if (dots != DotsOfASignedToken)
        {
            reason = dots == DotsOfAnEncryptedToken ? TokenReason.Encrypted : TokenReason.Malformed;
            return false;
        }

        try
        {
            parsed = Parse(token, out reason);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            // The last is what the reader says of half a surrogate pair.
            reason = TokenReason.Malformed;
        }

        reason ??= parsed is null ? TokenReason.Malformed : null;
        return parsed is not null;
    }

    private static ParsedToken? Parse(ReadOnlySpan<char> token, out string? reason)
    {
        var first = token.IndexOf('.');
        var last = token.LastIndexOf('.');
        using var header = TokenJson.Parse(token[..first]);
        reason = TokenHeader.Read(header.RootElement, out var signed);
        if (reason is not null)
        {
            return null;
        }

        if (!TokenJson.IsBase64Url(token[(last + 1)..]))
        {
            reason = TokenReason.Malformed;
            return null;
        }

        using var payload = TokenJson.Parse(token[(first + 1)..last]);
        reason = TokenClaims.Read(payload.RootElement, out var claims);
        return claims is null ? null : new ParsedToken(signed, claims);
    }
}
