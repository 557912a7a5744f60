using System.Buffers;

namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>Where API keys are found and sent.</summary>
public sealed class ApiKeyOptions
{
    /// <summary>RFC 9110's token characters: what a header's name may be made of.</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Gets or sets the key store file that <c>secure-inference keys</c> writes; a relative path starts at the content root.</summary>
    /// <value>The default is <see langword="null"/>: in Development each start makes a key of its own, elsewhere the start is refused.</value>
    public string? Store { get; set; }

    /// <summary>Gets or sets the header that carries the key; <c>Authorization: Bearer</c> carries one too.</summary>
    /// <value>The default is <c>x-api-key</c>.</value>
    public string Header { get; set; } = "x-api-key";

    /// <summary>Gets or sets the answer to a key that is not accepted: 403 or 401.</summary>
    /// <value>The default is 403.</value>
    public int RejectedStatusCode { get; set; } = 403;

    /// <summary>Gets or sets how often the store file is looked at for changes.</summary>
    /// <value>The default is half a second.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Gets or sets how long the keys that were read last stay in force while the store cannot be read; then nobody with a key is let in.</summary>
    /// <value>The default is an hour.</value>
    public TimeSpan MaxStaleness { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets the file of the peppers that the store is sealed with; a relative path starts at the content root.</summary>
    /// <value>The default is <see langword="null"/>: the environment variable <c>SECUREINFERENCE_PEPPER</c> counts, and without it the store has no seal.</value>
    public string? PepperFile { get; set; }

    /// <summary>Gets or sets the file in which the hour of each key's last use is noted, without its owner; a relative path starts at the content root.</summary>
    /// <value>The default is <see langword="null"/>: it is not kept.</value>
    public string? LastUseFile { get; set; }

    internal IEnumerable<string> Problems()
    {
        if (LastUseFile is { Length: > 0 } && (LastUseFile == Store || LastUseFile == PepperFile))
        {
            yield return $"ApiKeys:LastUseFile is '{LastUseFile}', which is the key store or the pepper. Name a file of its own, for example last-use.json.";
        }

        if (string.IsNullOrEmpty(Header) || Header.AsSpan().ContainsAnyExcept(TokenCharacters))
        {
            yield return $"ApiKeys:Header is '{Header}', which is no header name. Write, for example, x-api-key.";
        }
        else if (Header.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
        {
            yield return "ApiKeys:Header is 'Authorization', which carries bearer tokens; keys are taken from it as such. Write another name, for example x-api-key.";
        }

        if (RejectedStatusCode is not (401 or 403))
        {
            yield return $"ApiKeys:RejectedStatusCode is {RejectedStatusCode}. Write 403 or 401.";
        }

        if (PollInterval < TimeSpan.FromMilliseconds(10) || PollInterval > TimeSpan.FromMinutes(1))
        {
            yield return $"ApiKeys:PollInterval is {PollInterval}. Write a time between 00:00:00.010 and 00:01:00.";
        }

        if (MaxStaleness <= PollInterval || MaxStaleness > TimeSpan.FromDays(30))
        {
            yield return $"ApiKeys:MaxStaleness is {MaxStaleness}. Write a time between ApiKeys:PollInterval and 30.00:00:00.";
        }
    }
}
