namespace SecureInference.Tests.Pipeline.RateLimiting;

/// <summary>The real clock, for code that must not make timers.</summary>
internal sealed class TimerlessTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        throw new InvalidOperationException("A timer was made.");
}
