using SecureInference.Pipeline.Auditing;

namespace SecureInference.Tool.Audit;

/// <summary>Counts what somebody used. Each request is refused, answered, failed or abandoned, or has no outcome.</summary>
internal sealed class UsageCell
{
    private const int MaxRules = 32;
    private const int FirstError = 400;
    private const int ClientClosedRequest = 499;
    private readonly Dictionary<string, long> _rules = new(StringComparer.Ordinal);
    private DurationHistogram? _durations;

    public long Requests { get; private set; }

    public long Refused { get; private set; }

    public long Answered { get; private set; }

    public long Failed { get; private set; }

    public long Abandoned { get; private set; }

    public long Rows { get; private set; }

    public long Cost { get; private set; }

    public long BytesIn { get; private set; }

    public long BytesOut { get; private set; }

    public IReadOnlyDictionary<string, long> Rules => _rules;

    /// <summary>Gets the requests whose outcome is not there: they run, or their process died.</summary>
    public long Open => Math.Max(Requests - Refused - Answered - Failed - Abandoned, 0);

    public TimeSpan? Percentile(double share) => _durations?.Percentile(share);

    public void Decide(AuditRecord decision, bool isRefused)
    {
        Requests++;
        BytesIn = SaturatingSum.Of(BytesIn, SaturatingSum.Of(decision.Inputs.Select(static tensor => tensor.Bytes)));
        if (isRefused)
        {
            Refused++;
            Count(decision.Rule ?? "no rule", 1);
        }
    }

    /// <summary>Counts an outcome, or takes back one that was amended.</summary>
    public void Conclude(AuditRecord outcome, bool isRefused, int sign = 1)
    {
        Rows += sign * (outcome.Rows ?? 0L);
        Cost = SaturatingSum.Of(Cost, sign * (outcome.Cost ?? 0));
        BytesOut = SaturatingSum.Of(BytesOut, sign * SaturatingSum.Of(outcome.Outputs.Select(static tensor => tensor.Bytes)));
        if (isRefused)
        {
            return;
        }

        Answered += outcome.Status < FirstError ? sign : 0;
        Failed += outcome.Status >= FirstError && outcome.Status != ClientClosedRequest ? sign : 0;
        Abandoned += outcome.Status == ClientClosedRequest ? sign : 0;
        if (sign > 0 && outcome.Status < FirstError && outcome.Duration is { } duration)
        {
            (_durations ??= new DurationHistogram()).Add(duration);
        }
    }

    public void Add(UsageCell other)
    {
        Requests += other.Requests;
        Refused += other.Refused;
        Answered += other.Answered;
        Failed += other.Failed;
        Abandoned += other.Abandoned;
        Rows += other.Rows;
        Cost = SaturatingSum.Of(Cost, other.Cost);
        BytesIn = SaturatingSum.Of(BytesIn, other.BytesIn);
        BytesOut = SaturatingSum.Of(BytesOut, other.BytesOut);
        foreach (var (rule, count) in other._rules)
        {
            Count(rule, count);
        }

        if (other._durations is { } durations)
        {
            (_durations ??= new DurationHistogram()).Add(durations);
        }
    }

    // Rules are few where the product wrote the log; whoever else did must not fill the memory.
    private void Count(string rule, long count)
    {
        rule = _rules.ContainsKey(rule) || _rules.Count < MaxRules ? rule : "other rules";
        _rules[rule] = _rules.GetValueOrDefault(rule) + count;
    }
}
