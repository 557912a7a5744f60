using System.Net;
using Microsoft.AspNetCore.Builder;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Auditing;

/// <summary>Records and checkpoints, elsewhere than in the log.</summary>
public sealed class SinkTests
{
    [Fact]
    public async Task Infer_CopyDirectoryAndLog_GetRecordsAndCheckpoints()
    {
        using var folder = new TestFolder();
        await using var app = await EchoApp.StartAsync(
            FakeModel.Echo(),
            settings: new Dictionary<string, string?> { ["Audit:CopyDirectory"] = folder.File("copy"), ["Audit:WriteToLog"] = "true", ["Audit:CheckpointRecords"] = "1" });

        using var response = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);
        await app.StopAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var kinds = File.ReadLines(folder.File("copy/audit.jsonl")).Select(static line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("kind").GetString());
        Assert.Equal(["start", "decision", "outcome", "stop"], kinds);
        Assert.StartsWith("secure-inference/audit/", await File.ReadAllTextAsync(folder.File("copy/checkpoint"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(4, app.Log.Entries.Count(static entry => entry.EventId == 1150));
        Assert.Contains(app.Log.Entries, static entry => entry.EventId == 1151);
    }

    [Fact]
    public async Task Infer_CallerClosesAfterTheWholeAnswer_IsRecordedAsAnswered()
    {
        await using var app = await EchoApp.StartAsync(FakeModel.Echo(), static app =>
        {
            // As a connection that was closed a moment after the last byte, before the guards have ended.
            app.UseSecureInference(static guards => guards.InsertAfter(InferenceStage.RateLimiting, static async (http, next) =>
            {
                await next(http);
                http.RequestAborted = new CancellationToken(canceled: true);
            }));
            app.MapSecureInference();
        });

        using var response = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);
        var records = await app.StopAndReadAuditAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var outcome = Assert.Single(records, static record => record.GetProperty("kind").ValueEquals("outcome"));
        Assert.Equal(200, outcome.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Infer_WhenFullIsDrop_GoesOnAndCountsWhatIsMissing()
    {
        await using var app = await EchoApp.StartAsync(
            FakeModel.Echo(), settings: new Dictionary<string, string?> { ["Audit:QueueCapacity"] = "2", ["Audit:WhenFull"] = "Drop" });

        // Fewer at once than the model's own queue takes.
        const int Callers = 20;
        const int Requests = 200;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            for (var request = 0; request < Requests / Callers; request++)
            {
                using var response = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        }));

        var records = await app.StopAndReadAuditAsync();
        var missing = records.Where(static record => record.GetProperty("kind").ValueEquals("gap")).Sum(static record => record.GetProperty("count").GetInt64());
        Assert.Equal(2 * Requests, records.Count(static record => !record.GetProperty("kind").ValueEquals("gap")) + missing);
    }
}
