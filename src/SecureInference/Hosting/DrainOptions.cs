namespace SecureInference.Hosting;

/// <summary>How an app stops. A part like every other: were it a problem of the whole, it would hide those of the parts.</summary>
internal sealed class DrainOptions(TimeSpan timeout)
{
    public TimeSpan Timeout => timeout;

    public IEnumerable<string> Problems()
    {
        if (timeout < TimeSpan.Zero || timeout > TimeSpan.FromHours(1))
        {
            yield return $"DrainTimeout is {timeout}. Write a time between 00:00:00 and 01:00:00.";
        }
    }
}
