using System.Buffers;

namespace SecureInference.Pipeline.Authentication.ClientCertificates;

/// <summary>Which client certificates are accepted, and what their holders may do.</summary>
public sealed class ClientCertificateOptions
{
    /// <summary>RFC 9110's token characters: what a header's name may be made of.</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Gets or sets the PEM file of the team's own roots and intermediates; a relative path starts at the content root.</summary>
    /// <value>The default is <see langword="null"/>: clients are not asked for certificates.</value>
    public string? TrustBundle { get; set; }

    /// <summary>Gets or sets whose certificates are accepted: SPIFFE ids and DNS names; <c>*</c> stands for one path segment or one label.</summary>
    /// <value>The default is empty.</value>
    public IList<string> AllowedSubjects { get; set; } = [];

    /// <summary>Gets or sets what <see cref="AllowedSubjects"/> may do.</summary>
    /// <value>The default is <see langword="null"/>, which stands for <c>model:*:infer</c>.</value>
    public IList<string>? Scopes { get; set; }

    /// <summary>Gets or sets the subjects with rights of their own; the first that matches counts, before <see cref="AllowedSubjects"/>.</summary>
    /// <value>The default is empty.</value>
    public IList<ClientCertificateSubjectOptions> Subjects { get; set; } = [];

    /// <summary>Gets or sets the files of certificate revocation lists, in DER or PEM; where there are any, each issuer in a chain needs one that is in force.</summary>
    /// <value>The default is empty: certificates live until they expire.</value>
    public IList<string> CertificateRevocationLists { get; set; } = [];

    /// <summary>Gets or sets the header in which the proxies of <c>Arrival:KnownProxies</c> hand on the client's certificate, usually <c>X-Forwarded-Client-Cert</c>.</summary>
    /// <value>The default is <see langword="null"/>: no header is believed.</value>
    public string? ForwardedHeader { get; set; }

    /// <summary>Gets or sets how often the files are looked at for changes.</summary>
    /// <value>The default is half a second.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Gets or sets how long what was read last stays in force while a file cannot be read; then nobody with a certificate is let in.</summary>
    /// <value>The default is an hour.</value>
    public TimeSpan MaxStaleness { get; set; } = TimeSpan.FromHours(1);

    internal IEnumerable<string> Problems() =>
    [
        .. string.IsNullOrEmpty(TrustBundle) ? ProblemsWithoutBundle() : AllowedCertificates.Problems(this),
        .. ProblemsOfTimes(),
    ];

    /// <summary>Finds what has no effect without a bundle: who writes it believes that certificates are checked.</summary>
    private IEnumerable<string> ProblemsWithoutBundle()
    {
        var useless = AllowedSubjects.Count != 0 ? nameof(AllowedSubjects)
            : Subjects.Count != 0 ? nameof(Subjects)
            : CertificateRevocationLists.Count != 0 ? nameof(CertificateRevocationLists)
            : Scopes is not null ? nameof(Scopes)
            : ForwardedHeader is not null ? nameof(ForwardedHeader)
            : null;
        if (useless is not null)
        {
            yield return $"ClientCertificates:{useless} is set, and ClientCertificates:TrustBundle is not. Name the PEM file of the authorities that issue the certificates, for example ca.pem, or remove {useless}.";
        }
    }

    private IEnumerable<string> ProblemsOfTimes()
    {
        if (ForwardedHeader is not null && (ForwardedHeader.Length == 0 || ForwardedHeader.AsSpan().ContainsAnyExcept(TokenCharacters)))
        {
            yield return $"ClientCertificates:ForwardedHeader is '{ForwardedHeader}', which is no header name. Write X-Forwarded-Client-Cert, or the name that the proxy uses.";
        }

        if (CertificateRevocationLists.Any(string.IsNullOrEmpty))
        {
            yield return "ClientCertificates:CertificateRevocationLists has an empty element. Write the name of a file, or remove it.";
        }

        if (PollInterval < TimeSpan.FromMilliseconds(10) || PollInterval > TimeSpan.FromMinutes(1))
        {
            yield return $"ClientCertificates:PollInterval is {PollInterval}. Write a time between 00:00:00.010 and 00:01:00.";
        }

        if (MaxStaleness <= PollInterval || MaxStaleness > TimeSpan.FromDays(30))
        {
            yield return $"ClientCertificates:MaxStaleness is {MaxStaleness}. Write a time between ClientCertificates:PollInterval and 30.00:00:00.";
        }
    }
}
