using Microsoft.Extensions.Options;

namespace SecureInference.Redis;

/// <summary>Keeps the buckets that nodes share in Redis, and says what becomes of requests where that is not possible.</summary>
internal sealed class RedisLimits : ISharedLimits, IReadinessCheck
{
    private readonly RedisLink _link;
    private readonly OwnerKeys _keys;
    private readonly LeaseTable? _leases;
    private readonly SharedOutcome _unavailable;

    public RedisLimits(RedisLink link, IOptions<RedisOptions> options, TimeProvider time)
    {
        _link = link;
        _keys = new OwnerKeys(options.Value.KeyPrefix);
        ExpectedNodes = options.Value.ExpectedNodes ?? 1;
        _leases = options.Value.LeaseTokens == 0 ? null : new LeaseTable(options.Value.LeaseTokens, ExpectedNodes, options.Value.MaxLeases, time);
        _unavailable = options.Value.WhenUnavailable switch
        {
            WhenUnavailable.Local => SharedOutcome.Local,
            WhenUnavailable.FailOpen => SharedOutcome.FailOpen,
            _ => SharedOutcome.FailClosed,
        };
    }

    public int ExpectedNodes { get; }

    public ValueTask<SharedOutcome> TakeAsync(string owner, ReadOnlyMemory<SharedDemand> demands)
    {
        // Not even from a stock: the mode says what happens to everybody.
        if (!_link.IsAvailable)
        {
            return new ValueTask<SharedOutcome>(_unavailable);
        }

        var leased = _leases?.Find(owner);
        return leased?.TryTake(demands.Span) == true
            ? new ValueTask<SharedOutcome>(SharedOutcome.Taken)
            : AskAsync(owner, demands, leased ?? _leases?.FindOrAdd(owner));
    }

    public void GiveBack(string owner, ReadOnlyMemory<SharedDemand> demands)
    {
        if (_leases?.Find(owner) is { } leased)
        {
            foreach (var demand in demands.Span)
            {
                if (demand.Tokens > 0 && demand.Receipt == LeaseTable.Receipt)
                {
                    leased.GiveBack(demand);
                }
            }
        }

        // Read here: the demands serve the next request once this returns.
        var arguments = GiveBackCall.Arguments(demands.Span);
        if (arguments.Length != 0)
        {
            _ = _link.TryRunAsync(BucketScripts.GiveBack, _keys.Of(owner), arguments).AsTask();
        }
    }

    // Where nothing passes without Redis, a balancer should send requests to nodes that reach it.
    public InferenceError? Find() => _unavailable == SharedOutcome.FailClosed && !_link.IsAvailable ? InferenceErrors.LimitsUnavailable : null;

    public string? FindDegradation() => _link.IsAvailable ? null : _unavailable switch
    {
        SharedOutcome.FailOpen => "Limits are not kept at the moment: the store that nodes share them through cannot be asked.",
        _ => "Each node keeps its share of the limits at the moment: the store that nodes share them through cannot be asked.",
    };

    private async ValueTask<SharedOutcome> AskAsync(string owner, ReadOnlyMemory<SharedDemand> demands, LeasedOwner? leased)
    {
        var lease = leased?.Request(demands.Span);
        var outcome = _unavailable;
        try
        {
            if (await _link.TryRunAsync(BucketScripts.Take, _keys.Of(owner), TakeCall.Arguments(demands.Span, lease)) is { } result)
            {
                outcome = TakeCall.Read(result, demands.Span, lease);
            }
        }
        finally
        {
            // What was set aside is there again for others, whatever came in between.
            lease?.Settle(demands.Span, outcome);
        }

        return outcome;
    }
}
