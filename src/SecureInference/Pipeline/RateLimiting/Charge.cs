using Microsoft.AspNetCore.Http;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>What one request is charged. It lies in the request's context, and so serves a connection's requests one after the other.</summary>
internal sealed class Charge(CallerLimiter limiter) : IRequestCharge
{
    private ChargeLine[] _lines = [];
    private LimitPlan? _plan;
    private Caller? _caller;
    private CallerUsage? _running;

    /// <summary>Gets the limits of the request.</summary>
    public LimitPlan Plan => _plan ?? throw NotInUse();

    public Caller Caller => _caller ?? throw NotInUse();

    /// <summary>Gets whether the request is charged anything.</summary>
    public bool IsInUse => _plan is not null;

    /// <summary>Gets or sets whether the rest is charged once the body is read.</summary>
    public bool IsSettledLater { get; set; }

    /// <summary>Gets whether each step was taken from buckets that nodes share.</summary>
    public bool[] IsShared { get; } = new bool[2];

    /// <summary>Gets the bytes that were asked for so far. What the request's headers say may be another thing by now: an app may inflate bodies.</summary>
    public long Bytes { get; private set; }

    /// <summary>Gets a line for each limit, in the order of the plan.</summary>
    public ReadOnlySpan<ChargeLine> Lines => _lines.AsSpan(0, Plan.Limits.Length);

    /// <summary>Gets or sets the state that this node's buckets are taken from. One that was swept out meanwhile was full: of what was taken from it, nothing is left to give back.</summary>
    public CallerState? State { get; set; }

    public long Tokens { get; private set; }

    public void Begin(LimitPlan plan, Caller caller)
    {
        // A request that is executed again goes on once.
        Leave();
        _plan = plan;
        _caller = caller;
        State = null;
        IsSettledLater = false;
        Bytes = 0;
        Tokens = 0;
        IsShared.AsSpan().Clear();
        if (_lines.Length < plan.Limits.Length)
        {
            _lines = [.. _lines, .. Enumerable.Range(_lines.Length, plan.Limits.Length - _lines.Length).Select(static _ => new ChargeLine())];
        }

        for (var index = 0; index < plan.Limits.Length; index++)
        {
            _lines[index].Begin(plan.Limits[index]);
        }
    }

    /// <summary>Asks each limit for tokens or bytes.</summary>
    /// <returns>The line of a limit that never holds so much.</returns>
    public ChargeLine? Ask(long tokens, long bytes)
    {
        ChargeLine? tooMuch = null;
        Bytes += bytes;
        Tokens += tokens;
        foreach (var line in Lines)
        {
            line.Ask(line.Limit.CountsBytes ? bytes : tokens);
            tooMuch ??= line.AskedInAll > line.Limit.Size ? line : null;
        }

        return tooMuch;
    }

    /// <summary>Counts the request among its caller's that go on at once.</summary>
    /// <returns><see langword="false"/> where these are as many as may.</returns>
    public bool TryEnter(CallerState state)
    {
        if (Plan.Concurrency is not { } most)
        {
            return true;
        }

        var usage = state.CountUsage();
        if (Interlocked.Increment(ref usage.Running) > most)
        {
            Interlocked.Decrement(ref usage.Running);
            return false;
        }

        _running = usage;
        return true;
    }

    /// <summary>Counts it as over.</summary>
    public void Leave()
    {
        if (Interlocked.Exchange(ref _running, null) is { } usage)
        {
            Interlocked.Decrement(ref usage.Running);
        }
    }

    public ValueTask<InferenceError?> SettleAsync(HttpContext http, int rows, long bytes) =>
        _plan is { } plan && (plan.CountsRows || plan.CountsBytes) ? limiter.SettleAsync(http, this, rows, bytes) : default;

    public void GiveBack(HttpContext http)
    {
        if (_plan is not null)
        {
            Tokens = 0;
            limiter.GiveBack(http, this);
        }
    }

    public void End()
    {
        Leave();
        _plan = null;
        _caller = null;
        State = null;
        Tokens = 0;
    }

    private static InvalidOperationException NotInUse() => new("The charge is not in use.");
}
