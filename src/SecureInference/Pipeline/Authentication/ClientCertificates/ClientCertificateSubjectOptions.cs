namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>What certificates of certain subjects may do.</summary>
public sealed class ClientCertificateSubjectOptions
{
    /// <summary>Gets or sets the SPIFFE id or the DNS name; <c>*</c> stands for one path segment or one label.</summary>
    /// <value>There is no default: one must be set.</value>
    public string Subject { get; set; } = "";

    /// <summary>Gets or sets the scopes, for example <c>model:digits:infer</c>.</summary>
    /// <value>The default is empty, which is refused at start: these subjects must be given scopes.</value>
    public IList<string> Scopes { get; set; } = [];

    /// <summary>Gets or sets the tier of <c>RateLimits:Tiers</c> whose limits apply.</summary>
    /// <value>The default is <see langword="null"/>: the default limits.</value>
    public string? Tier { get; set; }
}
