using SecureInference.Pipeline.Arrival;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Authentication.ApiKeys;
using SecureInference.Pipeline.Authentication.ClientCertificates;
using SecureInference.Pipeline.Authentication.Jwt;
using SecureInference.Pipeline.Authentication.Revocations;
using SecureInference.Pipeline.RateLimiting;
using SecureInference.Protocol;

namespace SecureInference.Hosting;

/// <summary>Everything that the section <c>SecureInference</c> may hold.</summary>
public sealed class SecureInferenceOptions
{
    /// <summary>Gets or sets which roads a request may come by.</summary>
    public ArrivalOptions Arrival { get; set; } = new();

    /// <summary>Gets or sets where API keys are found and sent.</summary>
    public ApiKeyOptions ApiKeys { get; set; } = new();

    /// <summary>Gets or sets which client certificates are accepted.</summary>
    public ClientCertificateOptions ClientCertificates { get; set; } = new();

    /// <summary>Gets or sets whose tokens are accepted.</summary>
    public JwtOptions Jwt { get; set; } = new();

    /// <summary>Gets or sets where revoked tokens and certificates are listed.</summary>
    public RevocationOptions Revocations { get; set; } = new();

    /// <summary>Gets or sets how much callers may do.</summary>
    public RateLimitOptions RateLimits { get; set; } = new();

    /// <summary>Gets or sets where records go.</summary>
    public AuditOptions Audit { get; set; } = new();

    /// <summary>Gets or sets how the protocol is spoken.</summary>
    public ProtocolOptions Protocol { get; set; } = new();

    /// <summary>Gets or sets the models, by name.</summary>
    public IDictionary<string, ModelOptions> Models { get; set; } = new Dictionary<string, ModelOptions>(StringComparer.Ordinal);

    /// <summary>Gets or sets how long requests in flight are waited for when the app stops; new ones are refused meanwhile.</summary>
    /// <value>The default is 20 seconds, which is less than the 30 that a host gives a stopping app by default.</value>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);
}
