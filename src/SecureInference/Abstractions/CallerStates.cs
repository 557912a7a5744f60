namespace SecureInference;

/// <summary>One <see cref="CallerState"/> per subject, so that a rotated key, a new token or a reloaded store mints nothing.</summary>
/// <remarks>
/// Subjects may come from tokens, and so without bound: states that remember nothing are swept out by whoever makes one too many. A state that was swept out
/// says so by its bucket, in the same word that takes are made by, and so no take goes to a state that is not in force.
/// The states themselves are the links of the table: a million of them are to fit into 64 MB. Readers take no lock; whoever adds, removes or moves states does.
/// </remarks>
internal sealed class CallerStates
{
    /// <summary>Some 6 MB. Beyond it a sweep comes with each doubling, which makes its cost a constant for each state made.</summary>
    private const int FirstSweep = 100_000;

    private const int FirstLength = 1024;
    private const int StatesPerSlot = 2;
    private const int NanosecondsPerTick = 100;
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly int _firstSweep;
    private CallerState?[] _table = new CallerState?[FirstLength];
    private int _count;
    private int _nextSweep;

    public CallerStates(TimeProvider? time = null, int firstSweep = FirstSweep)
    {
        _time = time ?? TimeProvider.System;
        _start = _time.GetTimestamp();
        _firstSweep = firstSweep;
        _nextSweep = firstSweep;
    }

    public int Count => Volatile.Read(ref _count);

    /// <summary>Gets or sets who knows which states remember nothing; none is swept out before it is set.</summary>
    public ICallerBuckets? Buckets { get; set; }

    /// <summary>Returns the clock of all buckets: nanoseconds since these states were made.</summary>
    public long Now() => _time.GetElapsedTime(_start).Ticks * NanosecondsPerTick;

    /// <summary>Returns the state in force.</summary>
    public CallerState Get(string subject)
    {
        // A state that is being moved may be passed over here. It is not below, where nothing moves.
        var hash = subject.GetHashCode();
        return Find(subject, hash) is { IsEvicted: false } state ? state : GetOrAdd(subject, hash);
    }

    private CallerState? Find(string subject, int hash)
    {
        var table = Volatile.Read(ref _table);
        for (var state = Volatile.Read(ref table[hash & (table.Length - 1)]); state is not null; state = state.Next)
        {
            if (string.Equals(state.Subject, subject, StringComparison.Ordinal))
            {
                return state;
            }
        }

        return null;
    }

    private CallerState GetOrAdd(string subject, int hash)
    {
        lock (_lock)
        {
            // What was swept out is not in the table any more: who sweeps holds the lock.
            if (Find(subject, hash) is { } found)
            {
                return found;
            }

            // Before the new one is in: it is full too, and would be swept out with the others.
            if (_count + 1 >= _nextSweep)
            {
                Sweep();
                _nextSweep = (int)Math.Min(Math.Max(_firstSweep, 2L * _count), int.MaxValue);
            }

            var state = new CallerState(subject);
            Link(_table, state, hash);
            if (++_count > _table.Length * StatesPerSlot)
            {
                Grow();
            }

            return state;
        }
    }

    private void Sweep()
    {
        if (Buckets is not { } buckets)
        {
            return;
        }

        var now = Now();
        for (var slot = 0; slot < _table.Length; slot++)
        {
            CallerState? before = null;
            for (var state = _table[slot]; state is not null; state = state.Next)
            {
                if (!state.TryEvict(buckets, now))
                {
                    before = state;
                }
                else
                {
                    _count--;
                    if (before is null)
                    {
                        Volatile.Write(ref _table[slot], state.Next);
                    }
                    else
                    {
                        before.Next = state.Next;
                    }
                }
            }
        }
    }

    private void Grow()
    {
        var table = new CallerState?[_table.Length * 2];
        foreach (var first in _table)
        {
            for (var state = first; state is not null;)
            {
                // Read before the link is changed. A reader that walks here meanwhile goes on in the new slot, and ends with it.
                var next = state.Next;
                Link(table, state, state.Subject.GetHashCode());
                state = next;
            }
        }

        Volatile.Write(ref _table, table);
    }

    private static void Link(CallerState?[] table, CallerState state, int hash)
    {
        ref var slot = ref table[hash & (table.Length - 1)];
        state.Next = slot;
        Volatile.Write(ref slot, state);
    }
}
