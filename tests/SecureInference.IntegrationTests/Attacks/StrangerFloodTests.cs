using System.Net;
using System.Text;
using System.Text.Json;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Attacks;

/// <summary>Strangers in numbers: they cost no memory that stays, do not fill the log, and do not stop a known caller.</summary>
[Collection(AloneCollection.Name)]
public sealed class StrangerFloodTests
{
    private const int Connections = 1000;
    private const int Senders = 10;
    private const int Requests = 20_000;
    private const int MostGrowth = 16 << 20;
    private const int MostAuditBytes = 64 * 1024;
    private const string Head = $"POST {EchoApp.InferPath} HTTP/1.1\r\nHost: localhost\r\n";

    [Fact]
    public async Task Infer_AThousandConnectionsWithoutCredential_KnownCallerIsServedMeanwhile()
    {
        var model = FakeModel.Echo();
        await using var app = await EchoApp.StartAsync(model);
        var strangers = new List<RawClient>();
        for (var index = 0; index < Connections; index++)
        {
            var stranger = await RawClient.ConnectAsync(app.Address, TestContext.Current.CancellationToken);
            await stranger.SendAsync($"{Head}Content-Length: 0\r\n\r\n", TestContext.Current.CancellationToken);
            strangers.Add(stranger);
        }

        using var response = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);

        response.EnsureSuccessStatusCode();
        foreach (var stranger in strangers)
        {
            var answer = await stranger.ReadAnswersAsync(1, TestContext.Current.CancellationToken);
            Assert.Equal([401], RawClient.Statuses(answer));
            stranger.Dispose();
        }

        Assert.Equal(1, model.Runs);
        Assert.Equal(Connections, CountRefusals(await app.StopAndReadAuditAsync()));
    }

    [Fact]
    public async Task Infer_TwentyThousandRequestsOfAStranger_LeaveMemoryAndLogSmall()
    {
        var model = FakeModel.Echo();
        await using var app = await EchoApp.StartAsync(model);
        await FloodAsync(app, Requests / 10);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var flood = FloodAsync(app, Requests);
        var served = 0;
        do
        {
            using var response = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            served++;
        }
        while (!flood.IsCompleted);
        await flood;

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, MostGrowth);
        Assert.Equal(served, model.Runs);
        var records = await app.StopAndReadAuditAsync();
        Assert.Equal(Requests + (Requests / 10), CountRefusals(records));
        var strangers = records.Where(static record => record.GetProperty("kind").ValueEquals("refusals")).Sum(static record => record.GetRawText().Length);
        Assert.InRange(strangers, 1, MostAuditBytes);
        Assert.Equal(2 * served, records.Count(static record => !record.GetProperty("kind").ValueEquals("refusals")));
    }

    [Fact]
    public async Task Infer_MadeUpKeys_LeaveLogSmall()
    {
        await using var app = await EchoApp.StartAsync(FakeModel.Echo());

        var text = new StringBuilder();
        for (var index = 0; index < 1000; index++)
        {
            text.Append(Head).Append("x-api-key: si_live_").Append(index).Append("\r\nContent-Length: 0\r\n").Append(index == 999 ? "Connection: close\r\n" : "").Append("\r\n");
        }

        var statuses = RawClient.Statuses(await RawClient.ExchangeAsync(app.Address, text.ToString(), TestContext.Current.CancellationToken));
        Assert.Equal(1000, statuses.Length);
        Assert.All(statuses, static status => Assert.Equal(403, status));
        var records = await app.StopAndReadAuditAsync();
        Assert.Equal(1000, CountRefusals(records));
        Assert.InRange(AuditFiles.SizeOf(app.AuditFolder), 1, MostAuditBytes);
    }

    private static Task FloodAsync(GuardedApp app, int requests) => Task.WhenAll(Enumerable.Range(0, Senders).Select(async _ =>
    {
        const string Request = $"{Head}Content-Length: 0\r\n\r\n";
        const string Last = $"{Head}Content-Length: 0\r\nConnection: close\r\n\r\n";
        const int AtOnce = 20;
        for (var sent = 0; sent < requests / Senders; sent += AtOnce)
        {
            var text = new StringBuilder().Insert(0, Request, AtOnce - 1).Append(Last).ToString();
            Assert.Equal(AtOnce, RawClient.Statuses(await RawClient.ExchangeAsync(app.Address, text, TestContext.Current.CancellationToken)).Length);
        }
    }));

    private static long CountRefusals(IEnumerable<JsonElement> records) => records
        .Where(static record => record.GetProperty("kind").ValueEquals("refusals"))
        .Sum(static record => record.GetProperty("count").GetInt64());
}
