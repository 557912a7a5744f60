using System.Collections.Frozen;

namespace SecureInference.Pipeline.RateLimiting;

/// <summary>The limits of a tier's callers, for each model that has limits of its own and for every other request.</summary>
internal sealed class TierPlans
{
    private readonly FrozenDictionary<string, LimitPlan> _models;

    public TierPlans(string name, CallerLimitOptions tier, RateLimitOptions options, LimitCounts counts)
    {
        var own = Own(name, tier, counts).ToArray();
        Limit[] totals = tier.Total is { } total ? [counts.Total($"{name}-total", $"tier:{name}", total.Terms)] : [];
        Other = Plan(name, tier, [], own, totals, rowCost: 1, countsRows: false);
        AnyModel = Plan(name, tier, [], own, totals, rowCost: 1, options.Cost != RequestCost.Requests);
        _models = options.Models.ToFrozenDictionary(
            static model => model.Key,
            model => Plan(
                name,
                tier,
                model.Value.PerCaller is { } each ? [counts.Model(model.Key, each.Terms)] : [],
                own,
                [.. totals, .. model.Value.Total is { } all ? [counts.Total($"model-{model.Key}-total", $"model:{model.Key}", all.Terms)] : Array.Empty<Limit>()],
                options.Cost == RequestCost.WeightedRows ? model.Value.Weight : 1,
                options.Cost != RequestCost.Requests),
            StringComparer.Ordinal);
    }

    /// <summary>Gets the limits of everything that is no infer request.</summary>
    public LimitPlan Other { get; }

    private LimitPlan AnyModel { get; }

    /// <summary>Returns the limits of an infer request.</summary>
    public LimitPlan Infer(string model) => _models.GetValueOrDefault(model) ?? AnyModel;

    private static IEnumerable<Limit> Own(string name, CallerLimitOptions tier, LimitCounts counts)
    {
        yield return counts.Caller(name, tier.Terms);
        if (tier.Bytes is { } bytes)
        {
            yield return counts.CallerBytes(name, bytes.Terms);
        }

        if (tier.DailyLimit is { } day)
        {
            yield return counts.CallerDay(name, day);
        }
    }

    private static LimitPlan Plan(string name, CallerLimitOptions tier, Limit[] model, Limit[] own, Limit[] totals, int rowCost, bool countsRows)
    {
        Limit[] limits = [.. own, .. model, .. totals];
        var items = limits.Select(static limit => limit.Describe())
            .Concat(tier.ConcurrencyLimit is { } most ? [$"\"{name}-concurrency\";q={most};qu=\"concurrent-requests\""] : []);
        return new LimitPlan
        {
            Tier = name,
            Limits = limits,
            OwnLimits = own.Length + model.Length,
            Concurrency = tier.ConcurrencyLimit,
            RowCost = rowCost,
            CountsRows = countsRows,
            Header = string.Join(", ", items),
        };
    }
}
