namespace SecureInference;

/// <summary>What the files of a model must prove before they are loaded.</summary>
public abstract class ModelTrustOptions
{
    private const int DigestLength = 64;

    /// <summary>More than any machine has, and far from where numbers end.</summary>
    private const long MostCanaryBytes = 1L << 50;

    private protected ModelTrustOptions()
    {
    }

    /// <summary>Gets or sets the publishers' public keys: PEM files, ECDSA on P-256, P-384 or P-521. Relative paths start at the content root.</summary>
    /// <value>The default is an empty list. With a key, the model must be signed (<see cref="RequireSignature"/>).</value>
    public IList<string> TrustedKeys { get; set; } = [];

    /// <summary>Gets or sets the authorities whose certificates publishers may sign with: a PEM file with at least one root. A relative path starts at the content root.</summary>
    /// <value>The default is <see langword="null"/>: none. With it, the model must be signed (<see cref="RequireSignature"/>).</value>
    public string? TrustedCertificates { get; set; }

    /// <summary>Gets or sets whose certificates are accepted, of those that <see cref="TrustedCertificates"/> has issued: the subject, an alternative name, or
    /// <c>sha256:</c> and the SHA-256 of the public key.</summary>
    /// <value>The default is an empty list: any that may sign code.</value>
    public IList<string> TrustedSigners { get; set; } = [];

    /// <summary>Gets or sets whether a certificate may have expired, where it was valid on its first day: for archives.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool AllowExpiredSigners { get; set; }

    /// <summary>Gets or sets whether the model must be signed.</summary>
    /// <value>The default is <see langword="null"/>: it must where <see cref="TrustedKeys"/> or <see cref="TrustedCertificates"/> is set.</value>
    public bool? RequireSignature { get; set; }

    /// <summary>Gets or sets whether the model's files must be encrypted.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool RequireEncryption { get; set; }

    /// <summary>Gets or sets the only digests that may be loaded, as the log names them: a signature does not say that there is a newer model.</summary>
    /// <value>The default is an empty list: any.</value>
    public IList<string> PinnedDigests { get; set; } = [];

    /// <summary>Gets or sets whether files beside the model may be missing from the signature of its folder. They are never loaded.</summary>
    /// <value>The default is <see langword="false"/>: the model is refused.</value>
    public bool IgnoreUnsignedFiles { get; set; }

    /// <summary>Gets or sets whether signatures in the form of version 0.2.0 are accepted, which have no digest of the whole.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool AllowLegacySignatures { get; set; }

    /// <summary>Gets or sets what happens where the group or others may change the model's files.</summary>
    /// <value>The default is <see langword="null"/>: <see cref="FileModeCheck.Warn"/> in Development, <see cref="FileModeCheck.Enforce"/> elsewhere.</value>
    public FileModeCheck? FileModes { get; set; }

    /// <summary>Gets or sets whether a model that this app has not loaded yet is first loaded and run once by a process of its own: what makes the native runtime end its process does not end the app.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Canary { get; set; }

    /// <summary>Gets or sets the longest that the process of <see cref="Canary"/> may take.</summary>
    /// <value>The default is one minute.</value>
    public TimeSpan CanaryTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets the most bytes of memory that the process of <see cref="Canary"/> may take for the model; Linux alone keeps it to that.</summary>
    /// <value>The default is <see langword="null"/>: four times the bytes of the model's files, and 1 GiB.</value>
    public long? CanaryMaxBytes { get; set; }

    /// <summary>Gets whether somebody is trusted to sign the model.</summary>
    internal bool HasTrust => TrustedKeys.Count != 0 || TrustedCertificates is not null;

    /// <summary>Gets whether the model must be signed.</summary>
    internal bool MustBeSigned => RequireSignature ?? HasTrust;

    internal IEnumerable<string> TrustProblems(string path)
    {
        if (RequireSignature == true && !HasTrust)
        {
            yield return $"{path}:RequireSignature is true, but nobody is trusted to sign. Name the publisher's public key in {path}:TrustedKeys, or authorities in {path}:TrustedCertificates.";
        }

        foreach (var (property, values) in new[] { (nameof(TrustedKeys), TrustedKeys), (nameof(TrustedSigners), TrustedSigners) })
        {
            if (values.Any(string.IsNullOrWhiteSpace))
            {
                yield return $"{path}:{property} has an empty entry. Remove it.";
            }
        }

        if (TrustedCertificates is not null && string.IsNullOrWhiteSpace(TrustedCertificates))
        {
            yield return $"{path}:TrustedCertificates is empty. Write a PEM file with the authority's root, or remove it.";
        }

        if (TrustedSigners.Count != 0 && TrustedCertificates is null)
        {
            yield return $"{path}:TrustedSigners is about certificates, and {path}:TrustedCertificates names no authority. Name it, or remove TrustedSigners.";
        }

        foreach (var digest in PinnedDigests)
        {
            if (digest?.Length != DigestLength || !digest.All(char.IsAsciiHexDigitLower))
            {
                yield return $"{path}:PinnedDigests has '{digest}'. Write the SHA-256 as the log shows it: {DigestLength} lower-case hexadecimal digits.";
            }
        }

        if (CanaryTimeout <= TimeSpan.Zero || CanaryTimeout > TimeSpan.FromDays(1))
        {
            yield return $"{path}:CanaryTimeout is {CanaryTimeout}. Write a time above zero, up to one day, for example 00:01:00.";
        }

        if (CanaryMaxBytes is < 1 or > MostCanaryBytes)
        {
            yield return $"{path}:CanaryMaxBytes is {CanaryMaxBytes}. Write a number of bytes above 0, for example 4294967296.";
        }

        if (FileModes is { } modes && !Enum.IsDefined(modes))
        {
            yield return $"{path}:FileModes is {modes}. Write Enforce or Warn.";
        }
    }
}
