using System.Diagnostics;
using System.Globalization;
using System.Net;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Load;

/// <summary>Keys that are revoked and rotated while requests run.</summary>
[Collection(AloneCollection.Name)]
public sealed class KeyChangeUnderLoadTests(ITestOutputHelper output)
{
    private const int Clients = 8;
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Revoked_UnderLoad_TheLastAcceptedAnswerComesWithinASecond()
    {
        await using var app = await EchoApp.StartAsync(FakeModel.Echo());
        var worst = TimeSpan.Zero;
        for (var round = 0; round < Soak.Times(3, 20); round++)
        {
            var key = await EchoApp.AddKeyAsync(app, $"leaver {round}", ["model:*:infer"], Cancelled);
            var load = new KeyLoad(app, client => client % 2 == 0 ? key : app.Key, Clients);
            await EchoApp.UntilAsync(() => Task.FromResult(load.HasAnswered(HttpStatusCode.OK, atLeast: 100)), Cancelled);

            TestKeys.Change(app.StorePath, rows => rows.Select(row => row.Id == key.Split('_')[2] ? row with { Revoked = row.Created } : row));
            var revoked = Stopwatch.GetTimestamp();
            await EchoApp.UntilAsync(() => Task.FromResult(load.HasAnswered(HttpStatusCode.Forbidden, atLeast: 100)), Cancelled);
            await load.StopAsync();

            var last = load.Answers.Where(answer => answer.Key == key && answer.Status == HttpStatusCode.OK).Max(static answer => answer.Time);
            worst = TimeSpan.FromTicks(Math.Max(worst.Ticks, Stopwatch.GetElapsedTime(revoked, last).Ticks));
            Assert.All(load.Answers.Where(answer => answer.Key == app.Key), static answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The last accepted answer came {worst.TotalMilliseconds:0} ms after the revocation, at worst."));
        Assert.InRange(worst, TimeSpan.Zero, Promise);
    }

    [Fact]
    public async Task Rotated_UnderLoad_NoRequestWithEitherKeyFailsDuringTheOverlap()
    {
        await using var app = await EchoApp.StartAsync(FakeModel.Echo());
        var old = await EchoApp.AddKeyAsync(app, "stayer", ["model:*:infer"], Cancelled);
        var current = old;
        var load = new KeyLoad(app, client => client % 2 == 0 ? old : Volatile.Read(ref current), Clients);
        await EchoApp.UntilAsync(() => Task.FromResult(load.HasAnswered(HttpStatusCode.OK, atLeast: 100)), Cancelled);

        var next = TestKeys.Rotate(app.StorePath, old.Split('_')[2], TimeSpan.FromHours(1));
        await EchoApp.UntilAsync(async () => await AskAsync(app, next) == HttpStatusCode.OK, Cancelled);
        Volatile.Write(ref current, next);
        await EchoApp.UntilAsync(() => Task.FromResult(load.Answers.Count(answer => answer.Key == next) >= 1000), Cancelled);
        await load.StopAsync();

        Assert.All(load.Answers, static answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Contains(load.Answers, answer => answer.Key == old);
    }

    private static async Task<HttpStatusCode> AskAsync(GuardedApp app, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v2");
        request.Headers.Add("x-api-key", key);
        using var answer = await app.Stranger.SendAsync(request, Cancelled);
        return answer.StatusCode;
    }
}
