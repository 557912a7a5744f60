using System.Text.Json;

namespace SecureInference.IntegrationTests.Samples;

/// <summary>An audit file, read to its end; every line must be a whole JSON object.</summary>
internal sealed class AuditTrail
{
    private AuditTrail(IReadOnlyList<JsonElement> records) => Records = records;

    public IReadOnlyList<JsonElement> Records { get; }

    public IEnumerable<JsonElement> Decisions => Of("decision");

    public IEnumerable<JsonElement> Outcomes => Of("outcome");

    public static AuditTrail Read(string path)
    {
        // As cat reads it: the writer's lock is for writers.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        Assert.True(text.Length == 0 || text[^1] == '\n', "The file ends in half a line.");
        return new AuditTrail([.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)]);
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

    private static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
        return document.RootElement.Clone();
    }

    private static string? Text(JsonElement record, string name) => record.GetProperty(name).GetString();

    private static long Place(JsonElement record) => record.GetProperty("sequence").GetInt64();

    private IEnumerable<JsonElement> Of(string kind) => Records.Where(record => Text(record, "kind") == kind);
}
