using System.Collections.Concurrent;

namespace SecureInference;

/// <summary>One <see cref="CallerState"/> per subject, so that a rotated key, a new token or a reloaded store mints nothing.</summary>
/// <remarks>
/// Subjects may come from tokens, and so without bound: states that remember nothing are swept out by whoever makes one too many. A state that was swept out
/// says so by its bucket, in the same word that takes are made by, and so no take goes to a state that is not in force.
/// </remarks>
internal sealed class CallerStates
{
    /// <summary>Some 15 MB. Beyond it a sweep comes with each doubling, which makes its cost a constant for each state made.</summary>
    private const int FirstSweep = 100_000;

    private const int NanosecondsPerTick = 100;
    private readonly ConcurrentDictionary<string, CallerState> _states = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly int _firstSweep;
    private int _count;
    private int _nextSweep;
    private int _isSweeping;

    public CallerStates(TimeProvider? time = null, int firstSweep = FirstSweep)
    {
        _time = time ?? TimeProvider.System;
        _start = _time.GetTimestamp();
        _firstSweep = firstSweep;
        _nextSweep = firstSweep;
    }

    public int Count => Volatile.Read(ref _count);

    /// <summary>Returns the clock of all buckets: nanoseconds since these states were made.</summary>
    public long Now() => _time.GetElapsedTime(_start).Ticks * NanosecondsPerTick;

    /// <summary>Returns the state in force.</summary>
    public CallerState Get(string subject)
    {
        while (true)
        {
            if (!_states.TryGetValue(subject, out var state))
            {
                // Looked up again: what was just made is full too, and swept out with the others where the sweep is its own.
                if (_states.TryAdd(subject, new CallerState()))
                {
                    CountOneMore();
                }
            }
            else if (!state.IsEvicted)
            {
                return state;
            }
            else if (new CallerState() is var fresh && _states.TryUpdate(subject, fresh, state))
            {
                // In the place of one that a sweep has evicted and not yet removed: the number stays.
                return fresh;
            }
        }
    }

    private void CountOneMore()
    {
        if (Interlocked.Increment(ref _count) >= Volatile.Read(ref _nextSweep) && Interlocked.Exchange(ref _isSweeping, 1) == 0)
        {
            Sweep();
            Volatile.Write(ref _nextSweep, (int)Math.Min(Math.Max(_firstSweep, 2L * Count), int.MaxValue));
            Volatile.Write(ref _isSweeping, 0);
        }
    }

    private void Sweep()
    {
        var now = Now();
        foreach (var entry in _states)
        {
            // Only the very state that was evicted: somebody may have put a fresh one in its place.
            if (entry.Value.TryEvict(now) && _states.TryRemove(entry))
            {
                Interlocked.Decrement(ref _count);
            }
        }
    }
}
