namespace SecureInference.Pipeline.Auditing;

/// <summary>Where records go, and how many may wait.</summary>
public sealed class AuditOptions
{
    /// <summary>Gets or sets the folder of <c>audit.jsonl</c>; a relative path starts at the content root. One process writes to one folder.</summary>
    /// <value>The default is <c>audit</c>.</value>
    public string Directory { get; set; } = "audit";

    /// <summary>Gets or sets the records that may wait to be written; requests that would need more are answered with 503.</summary>
    /// <value>The default is 65,536.</value>
    public int QueueCapacity { get; set; } = 65_536;

    /// <summary>Gets or sets how often the refusals of strangers are written, summed up by network and reason.</summary>
    /// <value>The default is 5 seconds.</value>
    public TimeSpan RefusalInterval { get; set; } = TimeSpan.FromSeconds(5);

    internal IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(Directory))
        {
            yield return "Audit:Directory is empty. Write a folder, for example \"audit\".";
        }

        if (QueueCapacity < 2)
        {
            yield return $"Audit:QueueCapacity is {QueueCapacity}. Write at least 2: a request needs room for its decision and its outcome.";
        }

        if (RefusalInterval < TimeSpan.FromMilliseconds(10) || RefusalInterval > TimeSpan.FromHours(1))
        {
            yield return $"Audit:RefusalInterval is {RefusalInterval}. Write a time between 00:00:00.010 and 01:00:00.";
        }
    }
}
