namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>When a token is valid.</summary>
internal readonly record struct TokenLifetime(DateTimeOffset NotBefore, DateTimeOffset Expires)
{
    /// <summary>Says why a token is not valid now, or <see langword="null"/>.</summary>
    public string? WhyNot(DateTimeOffset now, TimeSpan skew) =>
        now - skew >= Expires ? TokenReason.Expired
        : now + skew < NotBefore ? TokenReason.NotYetValid
        : null;
}
