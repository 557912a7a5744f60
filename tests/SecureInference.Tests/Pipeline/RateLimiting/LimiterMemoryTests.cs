using System.Net;
using Microsoft.AspNetCore.Http;
using SecureInference.Pipeline.RateLimiting;
using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Pipeline.RateLimiting;

/// <summary>What callers cost in memory, and that strangers cost none.</summary>
[Collection(MemoryCollection.Name)]
public sealed class LimiterMemoryTests
{
    private const int MostBytesPerCaller = 64;
    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("SECUREINFERENCE_SOAK") == "1";
    private static readonly int Callers = IsSoak ? 1_000_000 : 150_000;

    [Fact]
    public void Take_ManyCallers_FitInto64BytesEachWithoutATimer()
    {
        string[] subjects = [.. Enumerable.Range(0, Callers).Select(static index => $"https://login.example.com#{index}")];

        // Code that was compiled in a hurry allocates what optimized code does not: what counts is what two rounds agree about.
        var bytes = BytesOfFirstRequests(subjects);
        for (var (before, rounds) = (0L, 0); bytes != before && rounds < 50; rounds++)
        {
            (before, bytes) = (bytes, BytesOfFirstRequests(subjects));
        }

        Assert.InRange(bytes, Callers * 40L, Callers * (long)MostBytesPerCaller);
    }

    [Fact]
    public void Take_StrangersFromAnywhere_LeaveMemoryFlat()
    {
        var checks = IsSoak ? 10_000_000 : 200_000;
        var states = new CallerStates(new TimerlessTime());
        var sut = CreateSut(states);
        var random = new Random(7);
        TakeAsStrangers(sut, random, 1000);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var refused = TakeAsStrangers(sut, random, checks);

        // What earlier tests left may go meanwhile, and so there is no lower bound.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 1 << 20);
        Assert.Equal(0, states.Count);
        Assert.InRange(refused, checks / 2, checks);
        GC.KeepAlive(sut);
    }

    // What the first request of a caller makes and a later one does not: the state, and every table that was outgrown.
    private static long BytesOfFirstRequests(string[] subjects)
    {
        var states = new CallerStates(new TimerlessTime());
        var sut = CreateSut(states);
        var http = Some.Request();
        AllocatedByTakes(sut, http, subjects[..1]);

        var first = AllocatedByTakes(sut, http, subjects);
        var again = AllocatedByTakes(sut, http, subjects);

        Assert.Equal(subjects.Length, states.Count);
        Assert.Equal(8, Left(sut, http, new Caller(subjects[^1], "Bearer", Some.Scopes())));
        return first - again;
    }

    private static long AllocatedByTakes(CallerLimiter sut, HttpContext http, string[] subjects)
    {
        var scopes = Some.Scopes();
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var subject in subjects)
        {
            Assert.Null(Take(sut, http, new Caller(subject, "Bearer", scopes)));
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static int TakeAsStrangers(CallerLimiter sut, Random random, int checks)
    {
        var http = Some.Request();
        var refused = 0;
        var bytes = new byte[16];
        for (var check = 0; check < checks; check++)
        {
            random.NextBytes(bytes);

            // Neither loopback nor IPv4 in disguise.
            bytes[0] |= 32;
            bytes[0] &= 63;
            http.Connection.RemoteIpAddress = new IPAddress(check % 2 == 0 ? bytes : bytes.AsSpan(0, 4));
            refused += Take(sut, http, caller: null) is null ? 0 : 1;
        }

        return refused;
    }

    // Ten tokens an hour: nobody is full again while this runs, and so nobody is forgotten.
    private static CallerLimiter CreateSut(CallerStates states) => LimiterCalls.Create(
        new RateLimitOptions { Default = new CallerLimitOptions { TokenLimit = 10, TokensPerPeriod = 10, ReplenishmentPeriod = TimeSpan.FromHours(1) } },
        states,
        new TimerlessTime());

    // One HttpContext for all requests of a connection, as the server has it.
    private static InferenceError? Take(CallerLimiter sut, HttpContext http, Caller? caller)
    {
        http.Features.Set<InferenceContext>(null);
        var error = sut.Take(http, caller);
        InferenceContext.Get(http).Charge?.End();
        return error;
    }

    private static int Left(CallerLimiter sut, HttpContext http, Caller caller)
    {
        var count = 0;
        while (Take(sut, http, caller) is null)
        {
            count++;
        }

        return count;
    }
}
