using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureInference.IntegrationTests.Load;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Attacks;

/// <summary>Strangers in numbers: they cost no memory that stays, do not fill the log, and do not stop a known caller.</summary>
[Collection(AloneCollection.Name)]
public sealed class StrangerFloodTests
{
    private const int Connections = 1000;
    private const int Senders = 10;
    private const int MostGrowth = 16 << 20;
    private const int MostAuditBytes = 64 * 1024;

    /// <summary>The networks that a tally names, and what each adds to the log.</summary>
    private const int MostNetworks = 4096;
    private const int MostBytesOfNetwork = 128;
    private const string Head = $"POST {EchoApp.InferPath} HTTP/1.1\r\nHost: localhost\r\n";

    private static readonly int Requests = Soak.Times(20_000, 100_000);

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
    public async Task Infer_FloodOfAStranger_LeavesMemoryAndLogSmallAndRefusesNoKnownCaller()
    {
        var model = FakeModel.Echo();

        // The lines of every request, which the test keeps, would be what is measured.
        await using var app = await EchoApp.StartAsync(model, services: static services => services.AddLogging(static logging => logging.SetMinimumLevel(LogLevel.Warning)));
        await FloodAsync(app, Requests / 10);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var flood = FloodAsync(app, Requests);
        var served = await ServeUntilAsync(app, flood);

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, MostGrowth);
        Assert.Equal(served, model.Runs);
        var records = await app.StopAndReadAuditAsync();
        Assert.Equal(Requests + (Requests / 10), CountRefusals(records));
        var strangers = records.Where(static record => record.GetProperty("kind").ValueEquals("refusals")).Sum(static record => record.GetRawText().Length);
        Assert.InRange(strangers, 1, MostAuditBytes);
        Assert.Equal(2 * served, records.Count(static record => !record.GetProperty("kind").ValueEquals("refusals")));
    }

    [Fact]
    public async Task Infer_FloodOfStrangersOfManyNetworks_LeavesLogSmallAndRefusesNoKnownCaller()
    {
        var model = FakeModel.Echo();
        await using var app = await EchoApp.StartAsync(model, settings: new Dictionary<string, string?>
        {
            ["Arrival:KnownProxies:0"] = "127.0.0.1",
            ["Audit:RefusalInterval"] = "01:00:00",
        });

        var flood = FloodAsync(app, Requests, isOfManyNetworks: true);
        var served = await ServeUntilAsync(app, flood);

        Assert.Equal(served, model.Runs);
        var records = await app.StopAndReadAuditAsync();
        Assert.Equal(Requests, CountRefusals(records));
        Assert.InRange(records.Count, 2 * served, (2 * served) + MostNetworks + 1);
        Assert.Equal(2 * served, records.Count(static record => !record.GetProperty("kind").ValueEquals("refusals")));
        Assert.InRange(AuditFiles.SizeOf(app.AuditFolder), 1, MostAuditBytes + (MostNetworks * MostBytesOfNetwork) + (served * 1024L));
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

    /// <summary>Sends a known caller's requests, of which none may be refused, until the flood is over.</summary>
    private static async Task<int> ServeUntilAsync(GuardedApp app, Task flood)
    {
        var served = 0;
        do
        {
            using var response = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            served++;
        }
        while (!flood.IsCompleted);
        await flood;
        return served;
    }

    private static Task FloodAsync(GuardedApp app, int requests, bool isOfManyNetworks = false) => Task.WhenAll(Enumerable.Range(0, Senders).Select(async sender =>
    {
        const int AtOnce = 20;
        for (var sent = 0; sent < requests / Senders; sent += AtOnce)
        {
            var text = new StringBuilder();
            for (var index = 0; index < AtOnce; index++)
            {
                var network = (sent + index) * Senders + sender;
                text.Append(Head).Append("Content-Length: 0\r\n");
                text.Append(isOfManyNetworks ? $"X-Forwarded-For: {11 + (network >> 16)}.{(network >> 8) & 255}.{network & 255}.1\r\nX-Forwarded-Proto: https\r\n" : "");
                text.Append(index == AtOnce - 1 ? "Connection: close\r\n\r\n" : "\r\n");
            }

            Assert.Equal(AtOnce, RawClient.Statuses(await RawClient.ExchangeAsync(app.Address, text.ToString(), TestContext.Current.CancellationToken)).Length);
        }
    }));

    private static long CountRefusals(IEnumerable<JsonElement> records) => records
        .Where(static record => record.GetProperty("kind").ValueEquals("refusals"))
        .Sum(static record => record.GetProperty("count").GetInt64());
}
