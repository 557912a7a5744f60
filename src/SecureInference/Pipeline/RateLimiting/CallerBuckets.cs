namespace SecureInference.Pipeline.RateLimiting;

/// <summary>Charges requests where their limits are counted: at this node, or where nodes count together.</summary>
internal sealed class CallerBuckets(CallerStates states, LocalBuckets local, SharedBuckets? shared)
{
    /// <summary>Takes what a charge asks for, from all of its limits or from none.</summary>
    /// <returns>Whether it was taken, or why that cannot be said.</returns>
    public ValueTask<SharedOutcome> TakeAsync(Charge charge, ChargeStep step) =>
        shared is null ? ValueTask.FromResult(TakeLocal(charge, step)) : TakeSharedAsync(shared, charge, step);

    /// <summary>Counts a request among its caller's that go on at once, on this node.</summary>
    /// <returns><see langword="false"/> where these are as many as may.</returns>
    public bool TryEnter(Charge charge)
    {
        while (true)
        {
            var state = StateOf(charge.Caller);
            var isIn = charge.TryEnter(state);
            if (!state.IsEvicted)
            {
                return isIn;
            }

            charge.Leave();
        }
    }

    /// <summary>Gives back what a request has cost.</summary>
    /// <returns>Whether it is known at once where the limits stand then; the charge's lines say so.</returns>
    public bool GiveBack(Charge charge)
    {
        // The first first where nodes count: there, what was given back since a take lessens what it gets, and the rest stands behind the least.
        if (charge.IsShared[(int)ChargeStep.Least])
        {
            GiveBack(charge, ChargeStep.Least);
        }

        // The last first here: what it gives back is taken into account for the other.
        GiveBack(charge, ChargeStep.Rest);
        GiveBack(charge, ChargeStep.Least);
        if (charge.State is not { } state)
        {
            return false;
        }

        charge.Ask(tokens: 0, bytes: 0);
        local.Look(state, charge.Lines);
        return true;
    }

    /// <summary>Notes what a request costs its caller in all. Of two that run at once, either may be the last.</summary>
    public void NoteCost(Charge charge, long tokens, long bytes)
    {
        var usage = StateOf(charge.Caller).CountUsage();
        Volatile.Write(ref usage.LastTokens, tokens);
        Volatile.Write(ref usage.LastBytes, bytes);
    }

    /// <summary>Returns what the caller's last request cost, or nothing where that was forgotten.</summary>
    public (long Tokens, long Bytes) LastCost(Charge charge) =>
        StateOf(charge.Caller).Usage is { } usage ? (Volatile.Read(ref usage.LastTokens), Volatile.Read(ref usage.LastBytes)) : default;

    private void GiveBack(Charge charge, ChargeStep step)
    {
        if (charge.IsShared[(int)step])
        {
            charge.IsShared[(int)step] = false;
            shared?.GiveBack(charge, step);
        }
        else if (charge.State is { } state)
        {
            local.GiveBack(state, charge.Lines, step);
        }
    }

    private async ValueTask<SharedOutcome> TakeSharedAsync(SharedBuckets store, Charge charge, ChargeStep step)
    {
        var outcome = await store.TakeAsync(charge, step);
        return outcome == SharedOutcome.Local ? TakeLocal(charge, step) : outcome;
    }

    private SharedOutcome TakeLocal(Charge charge, ChargeStep step)
    {
        while (true)
        {
            // The clock is read after the state is found. A fresh state is full, as the one before it was when it was swept out: at any later time, but not before.
            var state = StateOf(charge.Caller);
            charge.State = state;
            var isTaken = local.TryTake(state, charge.Lines, step);

            // Looked at after the take: the refusal, or what was taken beside the caller's bucket, may be that of a state which was swept out in between.
            if (!state.IsEvicted)
            {
                return isTaken ? SharedOutcome.Taken : SharedOutcome.Short;
            }

            local.GiveBack(state, charge.Lines, step);
        }
    }

    private CallerState StateOf(Caller caller) => caller.State is { IsEvicted: false } state ? state : states.Get(caller.Subject);
}
