namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>What a token may be signed with at all: a key pair's algorithms, so that who can check a token cannot make one.</summary>
internal static class TokenAlgorithms
{
    public static IReadOnlyList<string> All { get; } = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
}
