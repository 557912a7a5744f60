using System.Runtime.InteropServices;

namespace SecureInference.Pipeline.Auditing;

/// <summary>Sums up the refusals of strangers by network and reason, in bounded space.</summary>
internal sealed class RefusalTally
{
    private const int MaxEntries = 4096;
    private readonly Dictionary<(ClientNetwork Network, string Rule), long> _counts = [];
    private readonly Dictionary<string, long> _overflow = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public void Add(ClientNetwork network, string rule)
    {
        lock (_lock)
        {
            // Beyond the bound a refusal keeps its reason and loses its network; reasons are a closed set.
            if (_counts.Count < MaxEntries || _counts.ContainsKey((network, rule)))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_counts, (network, rule), out _)++;
            }
            else
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_overflow, rule, out _)++;
            }
        }
    }

    /// <summary>Moves what was summed up into records.</summary>
    public void Drain(List<AuditRecord> records, DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var ((network, rule), count) in _counts)
            {
                records.Add(Record(network.ToString(), rule, count, now));
            }

            foreach (var (rule, count) in _overflow)
            {
                records.Add(Record("other", rule, count, now));
            }

            _counts.Clear();
            _overflow.Clear();
        }
    }

    private static AuditRecord Record(string network, string rule, long count, DateTimeOffset now) => new()
    {
        Kind = AuditRecordKind.Refusals,
        Time = now,
        Decision = "refuse",
        Network = network,
        Rule = rule,
        Count = count,
    };
}
