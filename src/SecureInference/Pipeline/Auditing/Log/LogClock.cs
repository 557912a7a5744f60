namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>Tells the time as segments have it.</summary>
internal static class LogClock
{
    private const long NanosecondsPerTick = 100;

    public static long Nanoseconds(TimeProvider time) => Nanoseconds(time.GetUtcNow() - DateTimeOffset.UnixEpoch);

    public static long Nanoseconds(TimeSpan span) => span.Ticks * NanosecondsPerTick;
}
