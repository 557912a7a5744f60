using System.Diagnostics;
using System.Globalization;
using System.Threading.RateLimiting;
using SecureInference.Pipeline.RateLimiting;

namespace SecureInference.Benchmarks;

/// <summary>What does a caller's bucket cost in memory, and what do all of them cost while nobody calls?</summary>
/// <remarks>Each is to be asked in a process of its own. Every caller has taken a token, so that no bucket is full and none is forgotten.</remarks>
internal static class LimitsMemory
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    public static int Run(string whose, string callers)
    {
        if (!int.TryParse(callers, CultureInfo.InvariantCulture, out var count) || whose is not ("ours" or "platform"))
        {
            Console.Error.WriteLine("usage: limits-memory ours|platform CALLERS");
            return 2;
        }

        string[] subjects = [.. Enumerable.Range(0, count).Select(static index => $"caller {index}")];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var start = Stopwatch.GetTimestamp();
        object kept = whose == "ours" ? Ours(subjects) : Platform(subjects);
        var made = Stopwatch.GetElapsedTime(start);
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;

        var busy = Process.GetCurrentProcess().TotalProcessorTime;
        Thread.Sleep(Idle);
        busy = Process.GetCurrentProcess().TotalProcessorTime - busy;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{whose}: {count} callers, {bytes / (double)count:0.0} B each, {bytes:N0} B in all, made in {made.TotalSeconds:0.00} s; idle for {Idle.TotalSeconds} s: {busy.TotalMilliseconds:0} ms of processor time ({busy / Idle:P1} of a core)"));
        GC.KeepAlive(kept);
        GC.KeepAlive(subjects);
        return 0;
    }

    private static CallerStates Ours(string[] subjects)
    {
        var states = new CallerStates();
        var family = new BucketFamily();
        family.Set(1, new BucketTerms(60, 1, TimeSpan.FromMinutes(1)), now: 0);
        foreach (var subject in subjects)
        {
            TokenBucket.TryTake(ref states.Get(subject).Bucket, family, 1, states.Now(), 1, out _);
        }

        return states;
    }

    private static PartitionedRateLimiter<string> Platform(string[] subjects)
    {
        var limiter = PartitionedRateLimiter.Create<string, string>(static key =>
            RateLimitPartition.GetTokenBucketLimiter(key, static _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = 60,
                TokensPerPeriod = 1,
                ReplenishmentPeriod = TimeSpan.FromMinutes(1),
                QueueLimit = 0,
            }));
        foreach (var subject in subjects)
        {
            limiter.AttemptAcquire(subject).Dispose();
        }

        return limiter;
    }
}
