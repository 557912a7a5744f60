using System.Net;
using System.Text.Json;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Auditing;

/// <summary>A disk that is full, read-only or slow: requests get what WhenFull says, the log verifies, and it goes on by itself.</summary>
public sealed class DiskTroubleTests
{
    private const int Capacity = 16;

    /// <summary>More than the queue holds, and the room that the open file's last page still has on a full disk.</summary>
    private const int RequestsWhileBroken = 5 * Capacity;

    [Theory]
    [InlineData(TroubledDisk.Full, "Batched")]
    [InlineData(TroubledDisk.Full, "PerRequest")]
    [InlineData(TroubledDisk.ReadOnly, "Batched")]
    [InlineData(TroubledDisk.ReadOnly, "PerRequest")]
    [InlineData(TroubledDisk.Slow, "Batched")]
    [InlineData(TroubledDisk.Slow, "PerRequest")]
    public async Task Infer_DiskTakesNoRecordsAndBlocks_Is503UntilItDoes(string trouble, string durability)
    {
        using var disk = TroubledDisk.Of(trouble);
        var model = FakeModel.Echo();
        await using var app = await StartAsync(disk, model, durability, "Block");
        var statuses = await SendUntilAsync(app, HttpStatusCode.OK);

        disk.Break();
        statuses.AddRange(await SendUntilAsync(app, HttpStatusCode.ServiceUnavailable));
        var runs = model.Runs;
        using var refused = await InferAsync(app);
        var runsWhileRefused = model.Runs - runs;
        disk.Mend();
        statuses.AddRange(await SendUntilAsync(app, HttpStatusCode.OK));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        Assert.Equal(0, runsWhileRefused);
        await app.StopAsync();
        var requests = ReadRequests(disk, statuses.Count + 1);
        Assert.Equal(statuses.Count(static status => status == HttpStatusCode.OK), requests.Count(static request => request[^1].GetProperty("status").GetInt32() == 200));
        Assert.Equal(model.Runs, requests.Count(static request => request[0].GetProperty("decision").ValueEquals("allow") && request.Any(static record => record.TryGetProperty("runUs", out _))));
    }

    [Theory]
    [InlineData(TroubledDisk.Full, "Batched")]
    [InlineData(TroubledDisk.Full, "PerRequest")]
    [InlineData(TroubledDisk.ReadOnly, "Batched")]
    [InlineData(TroubledDisk.Slow, "Batched")]
    public async Task Infer_DiskTakesNoRecordsAndDrops_Is200AndAGapCountsThem(string trouble, string durability)
    {
        using var disk = TroubledDisk.Of(trouble);
        var model = FakeModel.Echo();
        await using var app = await StartAsync(disk, model, durability, "Drop");
        var before = await SendUntilAsync(app, HttpStatusCode.OK);

        disk.Break();
        for (var sent = 0; sent < RequestsWhileBroken; sent++)
        {
            using var response = await InferAsync(app);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        disk.Mend();
        await app.StopAsync();
        Assert.Equal(before.Count + RequestsWhileBroken, model.Runs);
        var requests = ReadRequests(disk, model.Runs);
        Assert.InRange(requests.Length, before.Count, model.Runs - 1);
    }

    private static Task<GuardedApp> StartAsync(TroubledDisk disk, FakeModel model, string durability, string whenFull) => EchoApp.StartAsync(
        model,
        settings: new Dictionary<string, string?>
        {
            ["Audit:Directory"] = disk.Folder,
            ["Audit:Durability"] = durability,
            ["Audit:WhenFull"] = whenFull,
            ["Audit:QueueCapacity"] = $"{Capacity}",
            ["Audit:CommitTimeout"] = "00:00:00.500",
        },
        services: disk.AddTo);

    private static Task<HttpResponseMessage> InferAsync(GuardedApp app) =>
        app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);

    private static async Task<List<HttpStatusCode>> SendUntilAsync(GuardedApp app, HttpStatusCode wanted)
    {
        var statuses = new List<HttpStatusCode>();
        await EchoApp.UntilAsync(
            async () =>
            {
                using var response = await InferAsync(app);
                statuses.Add(response.StatusCode);
                return response.StatusCode == wanted;
            },
            TestContext.Current.CancellationToken);
        return statuses;
    }

    /// <summary>Reads the log, which must verify: every request has its decision and then what came of it, or is counted in a gap.</summary>
    private static JsonElement[][] ReadRequests(TroubledDisk disk, int sent)
    {
        Assert.Null(AuditFiles.Verify(disk.Folder));
        var records = AuditFiles.Read(disk.Folder);
        JsonElement[][] requests = [.. records.Where(static record => record.TryGetProperty("requestId", out _)).GroupBy(static record => record.GetProperty("requestId").GetString()).Select(static request => request.ToArray())];
        Assert.All(requests, static request =>
        {
            Assert.True(request[0].GetProperty("kind").ValueEquals("decision"));
            Assert.InRange(request.Length, 2, 3);
            Assert.All(request[1..], static record => Assert.True(record.GetProperty("kind").ValueEquals("outcome")));
        });
        var lost = records.Where(static record => record.GetProperty("kind").ValueEquals("gap")).Sum(static record => record.GetProperty("count").GetInt32());
        Assert.Equal(2 * sent, (2 * requests.Length) + lost);
        return requests;
    }
}
