namespace SecureInference.Pipeline.RateLimiting;

/// <summary>How much callers may do.</summary>
public sealed class RateLimitOptions
{
    /// <summary>What headers and answers call the limits of callers without a tier.</summary>
    internal const string DefaultTier = "default";

    /// <summary>Gets or sets what an infer request costs.</summary>
    /// <value>The default is <see cref="RequestCost.Requests"/>: one token.</value>
    public RequestCost Cost { get; set; }

    /// <summary>Gets or sets whether requests beyond their caller's limits are only counted and recorded.</summary>
    /// <value>The default is <see langword="false"/>: they are refused.</value>
    public bool DryRun { get; set; }

    /// <summary>Gets or sets the limits of callers without a tier.</summary>
    public CallerLimitOptions Default { get; set; } = new();

    /// <summary>Gets or sets the limits of tiers, by name.</summary>
    public IDictionary<string, CallerLimitOptions> Tiers { get; set; } = new Dictionary<string, CallerLimitOptions>(StringComparer.Ordinal);

    /// <summary>Gets or sets the limits of models, by name.</summary>
    public IDictionary<string, ModelLimitOptions> Models { get; set; } = new Dictionary<string, ModelLimitOptions>(StringComparer.Ordinal);

    /// <summary>Gets or sets how many failed attempts to be recognised are answered as what they are, a network; the ones beyond get 429.</summary>
    /// <value>The default is 60 tokens, one a second.</value>
    /// <remarks>An accepted credential always passes, whoever shares its network.</remarks>
    public TokenBucketOptions FailedAuthentication { get; set; } = new() { TokenLimit = 60, TokensPerPeriod = 1 };

    internal IEnumerable<string> Problems() =>
    [
        .. Enum.IsDefined(Cost) ? Array.Empty<string>() : [$"RateLimits:Cost is {Cost}. Write Requests, Rows or WeightedRows."],
        .. Default.Problems("RateLimits:Default"),
        .. FailedAuthentication.Problems("RateLimits:FailedAuthentication"),
        .. Tiers.ContainsKey(DefaultTier) ? ["RateLimits:Tiers has 'default'. Callers without a tier have that name in headers: write RateLimits:Default, or another name."] : Array.Empty<string>(),
        .. Tiers.SelectMany(static tier => NameProblems("RateLimits:Tiers", "tier", tier.Key).Concat(tier.Value.Problems($"RateLimits:Tiers:{tier.Key}"))),
        .. Tiers.Count <= BucketFamily.MaxMembers - 1
            ? Array.Empty<string>()
            : [$"RateLimits:Tiers has {Tiers.Count} tiers. Write at most {BucketFamily.MaxMembers - 1}."],
        .. Models.SelectMany(static model => NameProblems("RateLimits:Models", "model", model.Key).Concat(model.Value.Problems($"RateLimits:Models:{model.Key}"))),
        .. Cost == RequestCost.WeightedRows ? Models.SelectMany(model => WeightProblems(model.Key, model.Value)) : [],
    ];

    private static IEnumerable<string> NameProblems(string path, string what, string name) =>
        ModelName.IsValid(name) ? [] : [$"{path} has '{name}'. A {what}'s name is {ModelName.Rule}."];

    // What no bucket ever holds can never be served.
    private IEnumerable<string> WeightProblems(string name, ModelLimitOptions model) =>
        from bucket in Tiers.Select(static tier => (Path: $"RateLimits:Tiers:{tier.Key}", tier.Value.TokenLimit))
            .Append((Path: "RateLimits:Default", Default.TokenLimit))
            .Concat(model.PerCaller is { } own ? [(Path: $"RateLimits:Models:{name}:PerCaller", own.TokenLimit)] : [])
            .Concat(model.Total is { } total ? [(Path: $"RateLimits:Models:{name}:Total", total.TokenLimit)] : [])
        where bucket.TokenLimit < model.Weight
        select $"RateLimits:Models:{name}:Weight is {model.Weight}, and {bucket.Path} never holds more than {bucket.TokenLimit}: no request could pass. Write a smaller Weight or a larger TokenLimit.";
}
