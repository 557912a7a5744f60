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
    private readonly HttpContext _http = Some.Request();

    [Fact]
    public void Take_ManyCallers_FitInto64BytesEachWithoutATimer()
    {
        var states = new CallerStates(new TimerlessTime());
        var sut = CreateSut(states);
        string[] subjects = [.. Enumerable.Range(0, Callers).Select(static index => $"https://login.example.com#{index}")];
        Take(sut, new Caller("warm-up", "ApiKey", Some.Scopes()));
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var scopes = Some.Scopes();
        foreach (var subject in subjects)
        {
            Assert.Null(Take(sut, new Caller(subject, "Bearer", scopes)));
        }

        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(Callers + 1, states.Count);
        Assert.InRange(grown, 1, Callers * (long)MostBytesPerCaller);
        Assert.Equal(9, Left(sut, new Caller(subjects[0], "Bearer", scopes)));
        Assert.Equal(9, Left(sut, new Caller(subjects[^1], "Bearer", scopes)));
        GC.KeepAlive(subjects);
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

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 1 << 20);
        Assert.Equal(0, states.Count);
        Assert.InRange(refused, checks / 2, checks);
        GC.KeepAlive(sut);
    }

    // Ten tokens an hour: nobody is full again while this runs, and so nobody is forgotten.
    private static CallerLimiter CreateSut(CallerStates states) => LimiterCalls.Create(
        new RateLimitOptions { Default = new CallerLimitOptions { TokenLimit = 10, TokensPerPeriod = 10, ReplenishmentPeriod = TimeSpan.FromHours(1) } },
        states,
        new TimerlessTime());

    private int TakeAsStrangers(CallerLimiter sut, Random random, int checks)
    {
        var refused = 0;
        var bytes = new byte[16];
        for (var check = 0; check < checks; check++)
        {
            random.NextBytes(bytes);

            // Neither loopback nor IPv4 in disguise.
            bytes[0] |= 32;
            bytes[0] &= 63;
            _http.Connection.RemoteIpAddress = new IPAddress(check % 2 == 0 ? bytes : bytes.AsSpan(0, 4));
            refused += Take(sut, caller: null) is null ? 0 : 1;
        }

        return refused;
    }

    // One HttpContext for all requests of a connection, as the server has it.
    private InferenceError? Take(CallerLimiter sut, Caller? caller)
    {
        _http.Features.Set<InferenceContext>(null);
        var error = sut.Take(_http, caller);
        InferenceContext.Get(_http).Charge?.End();
        return error;
    }

    private int Left(CallerLimiter sut, Caller caller)
    {
        var count = 0;
        while (Take(sut, caller) is null)
        {
            count++;
        }

        return count;
    }
}
