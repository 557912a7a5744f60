using SecureInference.Pipeline.Auditing;

namespace SecureInference.Tool.Audit;

/// <summary>Adds up who used which model how much, while records go by once; its memory is bounded, however many there are.</summary>
/// <param name="maxCells">How many callers, models and days are told apart; what comes then is added to the others.</param>
internal sealed class UsageReport(int maxCells = UsageReport.MaxCells)
{
    private const int MaxCells = 50_000;
    private const int MaxDays = 4_000;
    private const int MaxRules = 100;

    private readonly Dictionary<UsageKey, UsageCell> _cells = [];
    private readonly Dictionary<string, long> _strangers = new(StringComparer.Ordinal);
    private readonly RecentRequests _recent = new();

    public IReadOnlyDictionary<UsageKey, UsageCell> Cells => _cells;

    /// <summary>Gets how many requests of strangers were refused, by rule.</summary>
    public IReadOnlyDictionary<string, long> Strangers => _strangers;

    /// <summary>Gets the records that the log had no room for.</summary>
    public long Lost { get; private set; }

    public long Records { get; private set; }

    public DateTimeOffset? First { get; private set; }

    public DateTimeOffset? Last { get; private set; }

    public void Add(AuditRecord record)
    {
        Records++;
        First ??= record.Time;
        Last = record.Time;
        switch (record.Kind)
        {
            case AuditRecordKind.Decision:
                Decide(record);
                break;
            case AuditRecordKind.Outcome:
                var cell = CellOf(record);
                cell.Conclude(record, _recent.Conclude(record.RequestId!, record, cell));
                break;
            case AuditRecordKind.Refusals:
                var rule = record.Rule is { } named && (_strangers.ContainsKey(named) || _strangers.Count < MaxRules) ? named : "other rules";
                _strangers[rule] = SaturatingSum.Of(_strangers.GetValueOrDefault(rule), record.Count ?? 0);
                break;
            case AuditRecordKind.Gap:
                Lost = SaturatingSum.Of(Lost, record.Count ?? 0);
                break;
        }
    }

    /// <summary>Adds the cells together that a grouping does not tell apart, the most used first.</summary>
    public IReadOnlyList<KeyValuePair<UsageKey, UsageCell>> Group(UsageGrouping grouping, bool byDay)
    {
        var groups = new Dictionary<UsageKey, UsageCell>();
        foreach (var (key, cell) in _cells)
        {
            var group = new UsageKey(
                byDay || grouping == UsageGrouping.Day ? key.Day : null,
                grouping is UsageGrouping.CallerAndModel or UsageGrouping.Caller ? key.Caller : null,
                grouping is UsageGrouping.CallerAndModel or UsageGrouping.Model ? key.Model : null,
                key.IsOthers && grouping != UsageGrouping.Day);
            if (!groups.TryGetValue(group, out var sum))
            {
                groups[group] = sum = new UsageCell();
            }

            sum.Add(cell);
        }

        return [.. groups.OrderBy(static group => group.Key.Day).ThenBy(static group => group.Key.IsOthers).ThenByDescending(static group => group.Value.Requests)
            .ThenBy(static group => group.Key.Caller, StringComparer.Ordinal).ThenBy(static group => group.Key.Model, StringComparer.Ordinal)];
    }

    public UsageCell Total()
    {
        var total = new UsageCell();
        foreach (var cell in _cells.Values)
        {
            total.Add(cell);
        }

        return total;
    }

    private void Decide(AuditRecord decision)
    {
        var isRefused = decision.Decision == "refuse";
        CellOf(decision).Decide(decision, isRefused);
        if (isRefused)
        {
            _recent.Refuse(decision.RequestId!);
        }
    }

    private UsageCell CellOf(AuditRecord record)
    {
        var day = DateOnly.FromDateTime(record.Time.UtcDateTime);
        var key = new UsageKey(day, record.Caller, record.Model);
        if (!_cells.ContainsKey(key) && _cells.Count >= maxCells)
        {
            key = new UsageKey(_cells.Count < maxCells + MaxDays ? day : null, null, null, IsOthers: true);
        }

        if (!_cells.TryGetValue(key, out var cell))
        {
            _cells[key] = cell = new UsageCell();
        }

        return cell;
    }
}
