using System.Text.Json;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Samples;

/// <summary>An audit log, read to its end; it must verify.</summary>
internal sealed class AuditTrail
{
    private AuditTrail(IReadOnlyList<JsonElement> records) => Records = records;

    public IReadOnlyList<JsonElement> Records { get; }

    public IEnumerable<JsonElement> Decisions => Of("decision");

    public IEnumerable<JsonElement> Outcomes => Of("outcome");

    public static AuditTrail Read(string folder)
    {
        Assert.Null(AuditFiles.Verify(folder));
        return new AuditTrail(AuditFiles.ReadAll(folder));
    }

    /// <summary>How many strangers were refused for a reason.</summary>
    public long Refusals(string rule) => Of("refusals").Where(record => Text(record, "rule") == rule).Sum(static record => record.GetProperty("count").GetInt64());

    public void AssertEveryDecisionHasItsOutcome()
    {
        // Twice the same request is thrown upon here.
        var decided = Decisions.ToDictionary(static record => Text(record, "requestId")!, Place);
        var finished = Outcomes.ToDictionary(static record => Text(record, "requestId")!, Place);

        Assert.Equal(decided.Keys.Order(StringComparer.Ordinal), finished.Keys.Order(StringComparer.Ordinal));
        Assert.All(decided, decision => Assert.True(decision.Value < finished[decision.Key]));
    }

    private static string? Text(JsonElement record, string name) => record.GetProperty(name).GetString();

    private static long Place(JsonElement record) => record.GetProperty("sequence").GetInt64();

    private IEnumerable<JsonElement> Of(string kind) => Records.Where(record => Text(record, "kind") == kind);
}
