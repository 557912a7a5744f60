namespace SecureInference.Pipeline.Authentication.Revocations;

/// <summary>Where the list of tokens and certificates stands that are revoked before they expire.</summary>
public sealed class RevocationOptions
{
    /// <summary>Gets or sets the list's file; a relative path starts at the content root.</summary>
    /// <value>The default is <see langword="null"/>: no token and no certificate is revoked before it expires.</value>
    public string? File { get; set; }

    /// <summary>Gets or sets how often the file is looked at for changes.</summary>
    /// <value>The default is half a second.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Gets or sets how long the list that was read last stays in force while the file cannot be read; then nobody with a token or a certificate is let in.</summary>
    /// <value>The default is an hour.</value>
    public TimeSpan MaxStaleness { get; set; } = TimeSpan.FromHours(1);

    internal IEnumerable<string> Problems()
    {
        if (File is not null && string.IsNullOrWhiteSpace(File))
        {
            yield return "Revocations:File is empty. Write the path of a revocation list, or remove it.";
        }

        if (PollInterval < TimeSpan.FromMilliseconds(10) || PollInterval > TimeSpan.FromMinutes(1))
        {
            yield return $"Revocations:PollInterval is {PollInterval}. Write a time between 00:00:00.010 and 00:01:00.";
        }

        if (MaxStaleness <= PollInterval || MaxStaleness > TimeSpan.FromDays(30))
        {
            yield return $"Revocations:MaxStaleness is {MaxStaleness}. Write a time between Revocations:PollInterval and 30.00:00:00.";
        }
    }
}
