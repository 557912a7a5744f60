using Microsoft.Extensions.Logging;

namespace SecureInference.Pipeline.Authentication.Jwt;

/// <summary>Says how the issuers' keys are doing. It never says anything of a token.</summary>
internal sealed partial class JwtTelemetry(ILogger<TokenReader> logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(1220, LogLevel.Information, "The issuer {Issuer} has published {Count} keys, which are in force.")]
    public partial void KeysChanged(string issuer, int count);

    [LoggerMessage(1221, LogLevel.Warning,
        "The keys of the issuer {Issuer} cannot be fetched. Those that are known stay in force for SecureInference:Jwt:MaxStaleness; then, and where none are known, its tokens are answered with 503. It is tried again until it works.")]
    public partial void KeysUnavailable(string issuer, Exception exception);

    [LoggerMessage(1222, LogLevel.Information, "The keys of the issuer {Issuer} can be fetched again.")]
    public partial void KeysRecovered(string issuer);

    [LoggerMessage(1223, LogLevel.Warning, "The issuer {Issuer} has not sent its keys yet. The app starts; the issuer's tokens are answered with 503 until the keys have come.")]
    public partial void KeysLate(string issuer);
}
