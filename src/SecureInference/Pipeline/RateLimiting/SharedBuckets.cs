namespace SecureInference.Pipeline.RateLimiting;

/// <summary>Charges what nodes count together.</summary>
internal sealed class SharedBuckets(ISharedLimits store)
{
    /// <summary>Takes what the lines of a charge ask for, from all of their limits or from none.</summary>
    public async ValueTask<SharedOutcome> TakeAsync(Charge charge, ChargeStep step)
    {
        foreach (var line in charge.Lines)
        {
            Fill(line.Demands[(int)step] ??= new SharedDemand(), line);
        }

        var owners = OwnersOf(charge, step);
        var pending = new Task<SharedOutcome>[owners.Length];
        for (var index = 0; index < pending.Length; index++)
        {
            // All at once: the owners may lie on several machines, and a request is to wait for the slowest, not for all in turn.
            pending[index] = store.TakeAsync(owners[index].Owner, owners[index].Demands).AsTask();
        }

        var outcomes = await Task.WhenAll(pending);
        var outcome = outcomes.Max();
        if (outcome is SharedOutcome.Taken or SharedOutcome.Short)
        {
            Note(charge, step);
        }

        if (outcome == SharedOutcome.Taken)
        {
            charge.IsShared[(int)step] = true;
            return outcome;
        }

        for (var index = 0; index < outcomes.Length; index++)
        {
            if (outcomes[index] == SharedOutcome.Taken)
            {
                store.GiveBack(owners[index].Owner, owners[index].Demands);
            }
        }

        return outcome;
    }

    /// <summary>Puts back what a step has taken.</summary>
    public void GiveBack(Charge charge, ChargeStep step)
    {
        foreach (var (owner, demands) in OwnersOf(charge, step))
        {
            store.GiveBack(owner, demands);
        }
    }

    // The caller's own buckets lie together, and are taken from in one step; each bucket of many lies somewhere else.
    private static (string Owner, SharedDemand[] Demands)[] OwnersOf(Charge charge, ChargeStep step)
    {
        var own = charge.Plan.OwnLimits;
        var lines = charge.Lines;
        var owners = new (string, SharedDemand[])[1 + lines.Length - own];
        owners[0] = (charge.Caller.Subject, new SharedDemand[own]);
        for (var index = 0; index < lines.Length; index++)
        {
            var demand = lines[index].Demands[(int)step] ?? throw new InvalidOperationException("The step was not charged.");
            if (index < own)
            {
                owners[0].Item2[index] = demand;
            }
            else
            {
                owners[1 + index - own] = (lines[index].Limit.Total?.Owner ?? throw new InvalidOperationException("A limit of many has no owner."), [demand]);
            }
        }

        return owners;
    }

    private static void Fill(SharedDemand demand, ChargeLine line)
    {
        var limit = line.Limit;
        demand.Bucket = limit.Bucket;
        demand.IsDaily = limit.IsDaily;
        demand.Limit = limit.Size;
        demand.TokensPerPeriod = limit.Terms.TokensPerPeriod;
        demand.Period = limit.Terms.Period;
        demand.Tokens = line.Asked;
        demand.IsShort = false;
        demand.Receipt = default;
    }

    private static void Note(Charge charge, ChargeStep step)
    {
        foreach (var line in charge.Lines)
        {
            if (line.Demands[(int)step] is { } answer)
            {
                line.Note(answer);
            }
        }
    }
}
