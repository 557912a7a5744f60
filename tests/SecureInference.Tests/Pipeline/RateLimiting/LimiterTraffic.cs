using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.RateLimiting;
using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Pipeline.RateLimiting;

/// <summary>Random callers that send random requests, some of which fail, while limits change; what was granted is written down.</summary>
internal sealed class LimiterTraffic
{
    private static readonly string[] Models = ["digits", "faces", "plain"];
    private static readonly (string Subject, string? Tier)[] Callers = [("shop", null), ("bank", "gold"), ("port", "gold"), ("farm", null)];
    private readonly Random _random;
    private readonly FakeTimeProvider _time = new();
    private readonly CallerStates _states;
    private readonly CallerLimiter _sut;
    private readonly List<Request> _running = [];
    private RateLimitOptions _options;

    public LimiterTraffic(int seed)
    {
        _random = new Random(seed);
        _options = SomeOptions();
        _states = new CallerStates(_time, firstSweep: 5);
        _sut = LimiterCalls.Create(_options, _states, _time);
    }

    public LimiterLedger Ledger { get; } = new();

    public int Refused { get; private set; }

    public int GivenBack { get; private set; }

    public int Waited { get; private set; }

    public void Step()
    {
        Advance(_random.Next(4) == 0 ? TimeSpan.FromSeconds(_random.NextDouble() * 20) : TimeSpan.FromTicks(_random.Next(5_000_000)));
        switch (_random.Next(40))
        {
            case 0:
                _sut.Apply(_options = SomeOptions());
                break;
            case 1:
                // Whoever is full is swept out.
                _states.Get($"passer-by {_random.Next()}");
                break;
            case < 15:
                Finish();
                break;
            default:
                var (subject, tier) = Callers[_random.Next(Callers.Length)];
                Send(subject, tier, Models[_random.Next(Models.Length)], rows: _random.Next(1, 9), bytes: _random.Next(1, 400), isLengthSaid: _random.Next(2) == 0);
                break;
        }
    }

    private void Send(string subject, string? tier, string model, int rows, int bytes, bool isLengthSaid)
    {
        var request = Try(subject, tier, model, rows, bytes, isLengthSaid, out var error);
        if (error is null || error.Code != InferenceErrorCode.RateLimited)
        {
            return;
        }

        Refused++;
        if (_random.Next(3) != 0 || error.ViolatedPolicies.Any(static name => name.EndsWith("-concurrency", StringComparison.Ordinal)))
        {
            return;
        }

        // It waits as told, and nobody takes anything meanwhile. Before its body was read, nobody knew its cost: it may be told twice, and not once more.
        while (_running.Count > 0)
        {
            Finish();
        }

        Waited++;
        Advance(error.RetryAfter!.Value);
        if (request is null)
        {
            request = Try(subject, tier, model, rows, bytes, isLengthSaid, out error);
            Assert.NotNull(request);
            if (error is null)
            {
                return;
            }

            Advance(error.RetryAfter!.Value);
        }

        Try(subject, tier, model, rows, bytes, isLengthSaid, out error);
        Assert.Null(error);
    }

    /// <returns>The request, where it passed until its body was read.</returns>
    private Request? Try(string subject, string? tier, string model, int rows, int bytes, bool isLengthSaid, out InferenceError? error)
    {
        var http = Some.Request();
        http.Request.ContentLength = isLengthSaid ? bytes : null;
        var caller = new Caller(subject, "ApiKey", Some.Scopes(), _states.Get(subject)) { Tier = tier };
        var cost = _options.Cost;
        var rowCost = cost == RequestCost.WeightedRows && _options.Models.TryGetValue(model, out var weighed) ? weighed.Weight : 1;
        var request = new Request(http, subject, tier, model, []);
        error = _sut.Take(http, caller, model);
        if (error is not null)
        {
            return null;
        }

        Note(request, rowCost, isLengthSaid ? bytes : 0);
        _running.Add(request);
        Assert.InRange(_running.Count(other => other.Subject == subject), 1, Tier(tier).ConcurrencyLimit!.Value);
        error = _sut.Settle(http, rows, bytes);
        if (error is not null)
        {
            Assert.Equal(InferenceErrorCode.RateLimited, error.Code);
            _running.Remove(request);
            return request;
        }

        Note(request, cost == RequestCost.Requests ? 0 : (rows - 1) * rowCost, isLengthSaid ? 0 : bytes);
        return request;
    }

    private void Finish()
    {
        if (_running.Count == 0)
        {
            return;
        }

        var request = _running[_random.Next(_running.Count)];
        _running.Remove(request);
        if (_random.Next(3) == 0)
        {
            GivenBack++;
            _sut.GiveBack(request.Http);
            request.Entries.ForEach(static entry => entry.Tokens = 0);
        }

        InferenceContext.Get(request.Http).Charge!.End();
    }

    private void Note(Request request, long tokens, long bytes)
    {
        var name = request.Tier ?? "default";
        var tier = Tier(request.Tier);
        request.Entries.Add(Ledger.Note(name, request.Subject, tier.TokenLimit, tokens));
        request.Entries.Add(Ledger.Note($"{name}-bytes", request.Subject, tier.Bytes!.TokenLimit, bytes));
        request.Entries.Add(Ledger.Note($"{name}-total", "", tier.Total!.TokenLimit, tokens));
        request.Entries.Add(Ledger.Note("day", $"{request.Subject} {_time.GetUtcNow().Date}", tier.DailyLimit!.Value, tokens));
        if (_options.Models.TryGetValue(request.Model, out var model))
        {
            request.Entries.Add(Ledger.Note($"model-{request.Model}", request.Subject, model.PerCaller!.TokenLimit, tokens));
            request.Entries.Add(Ledger.Note($"model-{request.Model}-total", "", model.Total!.TokenLimit, tokens));
        }
    }

    private void Advance(TimeSpan time)
    {
        _time.Advance(time);
        foreach (var (name, tier) in (ReadOnlySpan<(string, CallerLimitOptions)>)[("default", _options.Default), ("gold", _options.Tiers["gold"])])
        {
            Ledger.Accrue(name, tier.TokensPerPeriod * (time / tier.ReplenishmentPeriod));
            Accrue($"{name}-bytes", tier.Bytes!, time);
            Accrue($"{name}-total", tier.Total!, time);
        }

        foreach (var (name, model) in _options.Models)
        {
            Accrue($"model-{name}", model.PerCaller!, time);
            Accrue($"model-{name}-total", model.Total!, time);
        }
    }

    private void Accrue(string limit, TokenBucketOptions bucket, TimeSpan time) => Ledger.Accrue(limit, bucket.TokensPerPeriod * (time / bucket.ReplenishmentPeriod));

    private CallerLimitOptions Tier(string? name) => name is null ? _options.Default : _options.Tiers[name];

    // No request costs more than any of them ever holds: eight rows of weight three.
    private RateLimitOptions SomeOptions() => new()
    {
        Cost = (RequestCost)_random.Next(3),
        Default = SomeTier(),
        Tiers = { ["gold"] = SomeTier() },
        Models =
        {
            ["digits"] = new ModelLimitOptions { Weight = _random.Next(1, 4), PerCaller = SomeBucket(24, 60), Total = SomeBucket(24, 120) },
            ["faces"] = new ModelLimitOptions { Weight = _random.Next(1, 4), PerCaller = SomeBucket(24, 60), Total = SomeBucket(24, 120) },
        },
    };

    private CallerLimitOptions SomeTier()
    {
        var tokens = SomeBucket(24, 100);
        return new CallerLimitOptions
        {
            TokenLimit = tokens.TokenLimit,
            TokensPerPeriod = tokens.TokensPerPeriod,
            ReplenishmentPeriod = tokens.ReplenishmentPeriod,
            ConcurrencyLimit = 6,
            DailyLimit = _random.Next(1500, 3000),
            Bytes = SomeBucket(400, 2000),
            Total = SomeBucket(24, 300),
        };
    }

    private TokenBucketOptions SomeBucket(int least, int most) => new()
    {
        TokenLimit = _random.Next(least, most),
        TokensPerPeriod = _random.Next(1, least),
        ReplenishmentPeriod = TimeSpan.FromTicks(_random.NextInt64(1_000_000, 100_000_000)),
    };

    private sealed record Request(HttpContext Http, string Subject, string? Tier, string Model, List<LimiterLedger.Entry> Entries);
}
