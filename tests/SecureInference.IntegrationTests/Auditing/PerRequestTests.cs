using System.Collections.Concurrent;
using System.Net;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Auditing;

/// <summary>With PerRequest nothing runs, and nothing is answered, before its record is on disk.</summary>
public sealed class PerRequestTests
{
    private const int Senders = 8;
    private const int Each = 10;

    private static readonly Dictionary<string, string?> PerRequest = new() { ["Audit:Durability"] = "PerRequest" };

    [Fact]
    public async Task Infer_ModelRuns_ItsDecisionIsOnDiskAndItsOutcomeIsNot()
    {
        var folder = "";
        var seen = new ConcurrentBag<string>();
        var model = FakeModel.Create(
            [new TensorSpec("x", TensorDataType.Float32, [-1, 4])],
            [new TensorSpec("y", TensorDataType.Float32, [-1, 4])],
            (request, _) =>
            {
                // What a process leaves that dies here, within native code say.
                seen.Add(string.Join(' ', AuditFiles.Read(folder).Select(static record => record.GetProperty("kind").GetString())));
                return ValueTask.FromResult(new InferenceResponse(Tensor.Create("y", request.Inputs[0].Shape, request.Inputs[0].GetValues<float>())));
            });
        await using var app = await EchoApp.StartAsync(model, settings: PerRequest);
        folder = app.AuditFolder;

        using var response = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("decision", Assert.Single(seen));
        Assert.Equal(["decision", "outcome"], AuditFiles.Read(folder).Select(static record => record.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task Infer_ManyAtOnce_EachAnswerFindsBothItsRecordsOnDisk()
    {
        await using var app = await EchoApp.StartAsync(FakeModel.Echo(), settings: PerRequest);
        var answered = 0;

        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async _ =>
        {
            for (var turn = 0; turn < Each; turn++)
            {
                using var response = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                var least = Interlocked.Increment(ref answered);
                Assert.InRange(Outcomes(app, 200), least, Senders * Each);
            }
        }));

        await app.StopAsync();
        Assert.Null(AuditFiles.Verify(app.AuditFolder));
        Assert.Equal(Senders * Each, Outcomes(app, 200));
    }

    [Theory]
    [InlineData("GET", "/v2", 200)]
    [InlineData("GET", "/v2/models/fake", 200)]
    [InlineData("GET", "/v2/models/fake/ready", 200)]
    [InlineData("POST", EchoApp.InferPath, 400)]
    [InlineData("GET", "/v2/models/none", 404)]
    public async Task Send_AnyEndpoint_ItsOutcomeIsOnDiskBeforeTheAnswer(string verb, string path, int status)
    {
        await using var app = await EchoApp.StartAsync(FakeModel.Echo(), settings: PerRequest);
        using var request = new HttpRequestMessage(new HttpMethod(verb), path) { Content = verb == "POST" ? new StringContent("{") : null };

        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(1, Outcomes(app, status));
        await app.StopAsync();
        Assert.Equal(1, Outcomes(app, status));
    }

    [Fact]
    public async Task Infer_FolderIsTakenAway_Is503UntilItIsBackAndNothingIsLost()
    {
        var model = FakeModel.Echo();
        await using var app = await EchoApp.StartAsync(model, settings: new Dictionary<string, string?>(PerRequest) { ["Audit:SegmentBytes"] = "65536" });
        var away = app.AuditFolder + "-away";
        Directory.Move(app.AuditFolder, away);
        await File.WriteAllTextAsync(app.AuditFolder, "in its place", TestContext.Current.CancellationToken);

        // The file that is open goes on taking records, wherever it was moved to; the next one cannot be made.
        var statuses = await SendUntilAsync(app, HttpStatusCode.ServiceUnavailable);
        using var ready = await app.Stranger.GetAsync("/v2/health/ready", TestContext.Current.CancellationToken);
        var runs = model.Runs;
        using var refused = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);
        var runsWhileRefused = model.Runs - runs;
        File.Delete(app.AuditFolder);
        Directory.Move(away, app.AuditFolder);
        statuses.AddRange(await SendUntilAsync(app, HttpStatusCode.OK));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(0, runsWhileRefused);
        await app.StopAsync();
        Assert.Null(AuditFiles.Verify(app.AuditFolder));
        Assert.Equal(statuses.Count(static status => status == HttpStatusCode.OK), Outcomes(app, 200));
        Assert.Single(app.Log.Entries, static entry => entry.EventId == 1105);
        Assert.Single(app.Log.Entries, static entry => entry.EventId == 1106);
    }

    private static async Task<List<HttpStatusCode>> SendUntilAsync(GuardedApp app, HttpStatusCode wanted)
    {
        var statuses = new List<HttpStatusCode>();
        await EchoApp.UntilAsync(
            async () =>
            {
                for (var burst = 0; burst < 20; burst++)
                {
                    using var response = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);
                    statuses.Add(response.StatusCode);
                }

                return statuses[^1] == wanted;
            },
            TestContext.Current.CancellationToken);
        return statuses;
    }

    private static int Outcomes(GuardedApp app, int status) => AuditFiles.Read(app.AuditFolder).Count(record =>
        record.GetProperty("kind").ValueEquals("outcome") && record.GetProperty("status").GetInt32() == status);
}
