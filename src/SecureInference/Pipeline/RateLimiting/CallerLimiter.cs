using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>Finds a request's limits, charges them, and tells the caller where it stands.</summary>
internal sealed class CallerLimiter : ICallerLimits
{
    /// <summary>How long a request takes is not known: a second is the least that anybody is told.</summary>
    private static readonly TimeSpan ConcurrencyWait = TimeSpan.FromSeconds(1);

    private readonly RateLimitingTelemetry _telemetry;
    private readonly LimitsInForce _limits;
    private readonly CallerBuckets _buckets;
    private readonly StrangerLimits _strangers;

    public CallerLimiter(
        IOptions<RateLimitOptions> options, CallerStates states, RateLimitingTelemetry telemetry, TimeProvider time, ISharedLimits? shared = null)
    {
        _telemetry = telemetry;
        var counts = new LimitCounts(shared?.ExpectedNodes ?? 1, states.Now);
        var local = new LocalBuckets(states, counts, time);
        states.Buckets = local;
        _limits = new LimitsInForce(options.Value, counts, telemetry);
        _buckets = new CallerBuckets(states, local, shared is null ? null : new SharedBuckets(shared));
        _strangers = new StrangerLimits(states, counts);
    }

    /// <summary>Puts changed limits in force. What callers have used stays used.</summary>
    public void Apply(RateLimitOptions options) => _limits.Apply(options);

    /// <summary>Charges a request the least that it can cost; callers have buckets each, strangers one a network.</summary>
    /// <returns>The refusal, where a limit has not so much left.</returns>
    public ValueTask<InferenceError?> TakeAsync(HttpContext http, InferenceContext context, InferenceEndpointMetadata? demands)
    {
        if (context.Caller is not { } caller)
        {
            return ValueTask.FromResult(Judge(http, _strangers.Take(http, _limits.Current.Default.Other.Limits[0]), isKnown: false));
        }

        var tier = _limits.Of(caller);
        var plan = demands?.Operation == InferenceOperation.Infer && context.Model is { } model ? tier.Infer(model) : tier.Other;
        var charge = Begin(context, plan, caller);
        charge.IsSettledLater = demands is { Operation: InferenceOperation.Infer, ModelParameter: not null };
        if (charge.Ask(plan.RowCost, plan.CountsBytes ? LeastBytes(http.Request) : 0) is { } tooMuch)
        {
            return DescribeTooMuchAsync(http, charge, tooMuch);
        }

        if (!_buckets.TryEnter(charge))
        {
            LimitHeaders.WriteConcurrency(http, plan);
            return ValueTask.FromResult(Judge(http, InferenceErrors.RateLimited(ConcurrencyWait, [plan.ConcurrencyName])));
        }

        // An endpoint of the app fails in its own words: that it did is known when its answer is done.
        if (plan.Concurrency is not null || demands is { Operation: InferenceOperation.Infer, ModelParameter: null })
        {
            http.Response.OnCompleted(static request => Complete((HttpContext)request), http);
        }

        return ChargeAsync(http, charge, ChargeStep.Least);
    }

    /// <summary>Charges the rest, once it is known what a request costs.</summary>
    public ValueTask<InferenceError?> SettleAsync(HttpContext http, Charge charge, int rows, long bytes)
    {
        var plan = charge.Plan;
        var moreTokens = plan.CountsRows ? (rows - 1L) * plan.RowCost : 0;
        var moreBytes = plan.CountsBytes ? Math.Max(bytes - charge.Bytes, 0) : 0;
        if (charge.Ask(moreTokens, moreBytes) is { } tooMuch)
        {
            return ValueTask.FromResult(Judge(http, TooMuch(tooMuch)));
        }

        _buckets.NoteCost(charge, plan.RowCost + moreTokens, bytes);
        return moreTokens == 0 && moreBytes == 0 ? default : ChargeAsync(http, charge, ChargeStep.Rest);
    }

    /// <summary>Gives back what a request has cost.</summary>
    public void GiveBack(HttpContext http, Charge charge)
    {
        if (_buckets.GiveBack(charge) && !http.Response.HasStarted)
        {
            LimitHeaders.Write(http, charge.Plan, charge.Lines);
        }
    }

    public InferenceError? ChargeFailure(HttpContext http)
    {
        var error = _strangers.TakeFailure(http, _limits.Current.Failures);
        if (error is not null)
        {
            _telemetry.Refused(isKnownCaller: false);
        }

        return error;
    }

    public ValueTask ChargeRefusalAsync(HttpContext http, Caller caller) => ChargeQuietlyAsync(http, caller, tokens: 1);

    public ValueTask DescribeAsync(HttpContext http, Caller caller) =>
        http.Response.Headers.ContainsKey(LimitHeaders.Name) ? default : ChargeQuietlyAsync(http, caller, tokens: 0);

    private static Task Complete(HttpContext http)
    {
        var context = InferenceContext.Find(http);
        if (context?.Charge is Charge { IsInUse: true } charge)
        {
            // A refusal of the guards has said by itself whether its cost is given back.
            if (context.Refusal is null && http.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            {
                charge.GiveBack(http);
            }

            charge.Leave();
        }

        return Task.CompletedTask;
    }

    // A body that is not compressed says what it will cost. What inflates may cost anything, and is charged when that is known.
    private static long LeastBytes(HttpRequest request) => request.Headers.ContentEncoding.Count == 0 ? request.ContentLength ?? 0 : 0;

    private static InferenceError TooMuch(ChargeLine line) => InferenceErrors.CostTooHigh(line.AskedInAll, line.Limit.Name, line.Limit.Size);

    private InferenceError Short(Charge charge, ChargeStep step)
    {
        // What is refused before its body is read would be refused again once that is known, if the wait were for the least that it can cost. It is for a request
        // like the one before.
        var last = step == ChargeStep.Least && charge.IsSettledLater ? _buckets.LastCost(charge) : default;
        var wait = 0L;
        var violated = new List<string>();
        foreach (var line in charge.Lines)
        {
            wait = Math.Max(wait, line.WaitFor(line.Limit.CountsBytes ? last.Bytes : last.Tokens));
            if (line.IsShort)
            {
                violated.Add(line.Limit.Name);
            }
        }

        return InferenceErrors.RateLimited(TimeSpan.FromSeconds(Math.Max(ChargeLine.ToSeconds(wait), 1)), violated);
    }

    private Charge Begin(InferenceContext context, LimitPlan plan, Caller caller)
    {
        var charge = context.Charge as Charge ?? new Charge(this);
        context.Charge = charge;
        charge.Begin(plan, caller);
        return charge;
    }

    // A token, as for every refusal; the answer says where the limits stand then.
    private async ValueTask<InferenceError?> DescribeTooMuchAsync(HttpContext http, Charge charge, ChargeLine line)
    {
        var error = Judge(http, TooMuch(line));
        await ChargeQuietlyAsync(http, charge.Caller, tokens: 1);
        return error;
    }

    private async ValueTask ChargeQuietlyAsync(HttpContext http, Caller caller, int tokens)
    {
        var charge = Begin(InferenceContext.Get(http), _limits.Of(caller).Other, caller);
        charge.Ask(tokens, bytes: 0);
        var outcome = await _buckets.TakeAsync(charge, ChargeStep.Least);
        if (outcome == SharedOutcome.Taken)
        {
            _telemetry.Took(InferenceContext.Get(http).Model, charge.Lines);
        }

        if (outcome is SharedOutcome.Taken or SharedOutcome.Short)
        {
            LimitHeaders.Write(http, charge.Plan, charge.Lines);
        }

        charge.End();
    }

    private ValueTask<InferenceError?> ChargeAsync(HttpContext http, Charge charge, ChargeStep step)
    {
        var taking = _buckets.TakeAsync(charge, step);
        return taking.IsCompletedSuccessfully ? ValueTask.FromResult(Judge(http, charge, step, taking.Result)) : AwaitAsync(http, charge, step, taking);
    }

    private async ValueTask<InferenceError?> AwaitAsync(HttpContext http, Charge charge, ChargeStep step, ValueTask<SharedOutcome> taking) =>
        Judge(http, charge, step, await taking);

    private InferenceError? Judge(HttpContext http, Charge charge, ChargeStep step, SharedOutcome outcome)
    {
        if (outcome is SharedOutcome.Taken or SharedOutcome.Short)
        {
            LimitHeaders.Write(http, charge.Plan, charge.Lines);
        }

        if (outcome == SharedOutcome.Taken)
        {
            _telemetry.Took(InferenceContext.Get(http).Model, charge.Lines);
        }

        var error = outcome switch
        {
            SharedOutcome.Taken or SharedOutcome.FailOpen => null,
            SharedOutcome.Short => Judge(http, Short(charge, step)),
            SharedOutcome.FailClosed => Judge(http, InferenceErrors.LimitsUnavailable),
            _ => throw new InvalidOperationException($"Limits cannot answer {outcome}."),
        };
        if (error is not null)
        {
            charge.Leave();
        }

        return error;
    }

    /// <summary>Counts a refusal, and lets it pass where limits are only tried out.</summary>
    private InferenceError? Judge(HttpContext http, InferenceError? error, bool isKnown = true)
    {
        if (error is null)
        {
            return null;
        }

        if (!_limits.Current.IsDryRun)
        {
            _telemetry.Refused(isKnown);
            return error;
        }

        _telemetry.WouldRefuse(isKnown);
        InferenceContext.Get(http).WouldRefuse ??= error;
        return null;
    }
}
