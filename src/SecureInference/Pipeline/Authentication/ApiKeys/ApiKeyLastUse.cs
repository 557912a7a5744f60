namespace SecureInference.Pipeline.Authentication.ApiKeys;

/// <summary>The hour in which a key was last accepted.</summary>
internal sealed class ApiKeyLastUse
{
    private long _hour;

    /// <summary>Gets the start of the hour, or <see langword="null"/> where it was not used yet.</summary>
    public DateTimeOffset? Hour => Volatile.Read(ref _hour) is var hour and > 0 ? new DateTimeOffset(hour * TimeSpan.TicksPerHour, TimeSpan.Zero) : null;

    /// <summary>Notes a use. All but the first of an hour only read: processors share the word without taking it from each other.</summary>
    public void Note(DateTimeOffset now)
    {
        var hour = now.UtcTicks / TimeSpan.TicksPerHour;
        if (Volatile.Read(ref _hour) < hour)
        {
            Volatile.Write(ref _hour, hour);
        }
    }
}
