namespace SecureInference.IntegrationTests.Limits;

/// <summary>The limits that an answer tells of; what does not read as draft-ietf-httpapi-ratelimit-headers says fails the test.</summary>
internal sealed class LimitFields
{
    private const string Policy = "RateLimit-Policy";
    private const string Standing = "RateLimit";
    private static readonly string[] Units = ["requests", "content-bytes", "concurrent-requests"];

    private LimitFields(IReadOnlyList<FieldItem> policies, IReadOnlyList<FieldItem> standings)
    {
        Policies = policies;
        Standings = standings;
    }

    public IReadOnlyList<FieldItem> Policies { get; }

    public IReadOnlyList<FieldItem> Standings { get; }

    /// <summary>Reads an answer's fields.</summary>
    /// <returns>Nothing where there are none.</returns>
    public static LimitFields? Read(HttpResponseMessage answer)
    {
        if (!answer.Headers.NonValidated.TryGetValues(Policy, out var policy))
        {
            Assert.False(answer.Headers.Contains(Standing));
            return null;
        }

        Assert.True(answer.Headers.NonValidated.TryGetValues(Standing, out var standing));
        var fields = new LimitFields(StructuredField.ParseList(policy.ToString()), StructuredField.ParseList(standing.ToString()));
        fields.AssertForm();
        return fields;
    }

    /// <summary>Returns what is left of a limit, or nothing where the answer does not tell.</summary>
    public long? Left(string name) => Standings.FirstOrDefault(item => item.Value.Equals(name))?.Parameters["r"] as long?;

    private static void AssertForm(FieldItem item, string required, Dictionary<string, Predicate<object>> known)
    {
        Assert.NotEmpty(Assert.IsType<string>(item.Value));
        Assert.Contains(required, item.Parameters.Keys);
        Assert.All(item.Parameters, parameter => Assert.True(
            known.TryGetValue(parameter.Key, out var isRight) && isRight(parameter.Value), $"{parameter.Key} of {item.Value} is {parameter.Value}."));
    }

    private void AssertForm()
    {
        Assert.NotEmpty(Policies);
        Assert.NotEmpty(Standings);
        Assert.Distinct(Policies.Select(static item => item.Value));
        Assert.Distinct(Standings.Select(static item => item.Value));
        Assert.Subset(Policies.Select(static item => item.Value).ToHashSet(), Standings.Select(static item => item.Value).ToHashSet());
        Assert.All(Policies, static item => AssertForm(item, "q", new()
        {
            ["q"] = static value => value is >= 0L,
            ["w"] = static value => value is > 0L,
            ["qu"] = static value => value is string unit && Units.Contains(unit),
            ["pk"] = static value => value is byte[],
        }));
        Assert.All(Standings, static item => AssertForm(item, "r", new()
        {
            ["r"] = static value => value is >= 0L,
            ["t"] = static value => value is >= 0L,
            ["pk"] = static value => value is byte[],
        }));

        // Nobody has more than there is.
        Assert.All(Standings, item => Assert.True((long)item.Parameters["r"] <= (long)Policies.Single(policy => policy.Value.Equals(item.Value)).Parameters["q"]));
    }
}
