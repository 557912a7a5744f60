using System.Text.Json;

namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>What a token says about its own signature; nothing in it may choose the key, but a name among the issuer's own.</summary>
internal readonly record struct TokenHeader(string Algorithm, string? KeyId)
{
    /// <summary>Reads a header.</summary>
    /// <returns>Why the token is refused, or <see langword="null"/>.</returns>
    public static string? Read(JsonElement json, out TokenHeader header)
    {
        header = default;
        var (algorithm, keyId) = (default(string), default(string));
        foreach (var member in json.EnumerateObject())
        {
            switch (member.Name)
            {
                case "alg":
                    algorithm = TokenJson.Text(member.Value);
                    break;
                case "kid":
                    keyId = TokenJson.Text(member.Value);
                    break;
                case "typ" when !IsAccessToken(TokenJson.Text(member.Value)):
                    return TokenReason.WrongType;
                case "crit":
                    return TokenReason.CriticalHeader;
                case "enc":
                    return TokenReason.Encrypted;
                case "jku" or "jwk" or "x5u" or "x5c":
                    // Who signs must not say which key to check with.
                    return TokenReason.BringsKey;
            }
        }

        if (algorithm is null || !TokenAlgorithms.All.Contains(algorithm))
        {
            return TokenReason.WrongAlgorithm;
        }

        header = new TokenHeader(algorithm, keyId);
        return null;
    }

    // RFC 8725, 3.11: a token that was made for another purpose (a logout, a proof of possession) is none that grants access.
    private static bool IsAccessToken(string type) =>
        type.Equals("JWT", StringComparison.OrdinalIgnoreCase)
        || type.Equals("at+jwt", StringComparison.OrdinalIgnoreCase)
        || type.Equals("application/at+jwt", StringComparison.OrdinalIgnoreCase);
}
