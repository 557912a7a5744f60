using System.Collections.Concurrent;

namespace SecureInference.Redis;

/// <summary>Finds the stocks that this node keeps for callers, as many as it may keep; who has none is served by Redis each time.</summary>
internal sealed class LeaseTable(int leaseTokens, int nodes, int maxOwners, TimeProvider time)
{
    /// <summary>A lease is a small part of a limit on all nodes together: a quarter.</summary>
    private const int PartOfLimit = 4;

    /// <summary>Owners that are looked at for each new one: enough that idle ones go sooner than new ones come.</summary>
    private const int SweptAtOnce = 4;

    private readonly ConcurrentDictionary<string, LeasedOwner> _owners = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private IEnumerator<KeyValuePair<string, LeasedOwner>>? _hand;
    private int _count;

    /// <summary>Gets the receipt of what a stock gave: it goes back there.</summary>
    public static SharedReceipt Receipt { get; } = new(-1, 0, 0);

    public long Now => time.GetTimestamp();

    public TimeProvider Time => time;

    public int Count => _count;

    /// <summary>Returns how many tokens of a bucket this node may hold.</summary>
    public long SizeFor(SharedDemand demand) => Math.Min(leaseTokens, demand.Limit / (PartOfLimit * nodes));

    public LeasedOwner? Find(string owner) => _owners.GetValueOrDefault(owner);

    /// <summary>Returns the owner's stocks, or <see langword="null"/> where there are as many as may be.</summary>
    public LeasedOwner? FindOrAdd(string owner)
    {
        if (_owners.TryGetValue(owner, out var found))
        {
            return found;
        }

        lock (_lock)
        {
            Sweep();
            if (_count >= maxOwners)
            {
                return null;
            }

            var added = _owners.GetOrAdd(owner, static (_, table) => new LeasedOwner(table), this);
            _count++;
            return added;
        }
    }

    // The hand goes on from where it was, round and round: no timer, and no look at all of them at once.
    private void Sweep()
    {
        var now = Now;
        for (var looked = 0; looked < SweptAtOnce; looked++)
        {
            _hand ??= _owners.GetEnumerator();
            if (!_hand.MoveNext())
            {
                _hand.Dispose();
                _hand = null;
                break;
            }

            if (_hand.Current.Value.TryDrop(now) && _owners.TryRemove(_hand.Current))
            {
                _count--;
            }
        }
    }
}
