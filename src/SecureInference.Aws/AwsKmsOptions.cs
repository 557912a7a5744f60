namespace SecureInference.Aws;

/// <summary>Which keys of AWS KMS encrypted models may be opened with.</summary>
public sealed class AwsKmsOptions
{
    /// <summary>Gets or sets the keys that may be asked for, as the models name them: key identifiers, ARNs or aliases. What a file names beside these is never asked for.</summary>
    public IList<string> Keys { get; set; } = [];

    /// <summary>Gets or sets the region that the keys are in.</summary>
    /// <value>The default is <see langword="null"/>: that of the environment or of the instance, as for other clients of AWS.</value>
    public string? Region { get; set; }

    /// <summary>Gets or sets the address of KMS, where it is reached by another than the public one, such as a VPC endpoint.</summary>
    public string? ServiceUrl { get; set; }

    /// <summary>Gets or sets how long one question may take.</summary>
    /// <value>The default is 5 seconds. A question that failed is asked twice again.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    internal IEnumerable<string> Problems()
    {
        if (Keys.Count == 0 || Keys.Any(string.IsNullOrWhiteSpace))
        {
            yield return "AwsKms:Keys is empty, or has an empty entry. Write the keys that models are encrypted for, for example [ \"alias/models\" ]: no other is asked for, whatever a file names.";
        }

        if (Region is not null && string.IsNullOrWhiteSpace(Region))
        {
            yield return "AwsKms:Region is empty. Write a region, for example eu-central-1, or remove it.";
        }

        if (ServiceUrl is not null && !IsSafe(ServiceUrl))
        {
            yield return $"AwsKms:ServiceUrl is '{ServiceUrl}'. Write an address that begins with https://; without TLS only loopback is asked.";
        }

        if (Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromSeconds(30))
        {
            yield return $"AwsKms:Timeout is {Timeout}. Write a time between 00:00:00.100 and 00:00:30.";
        }
    }

    private static bool IsSafe(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
}
