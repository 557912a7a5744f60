using System.Net;
using SecureInference.IntegrationTests.Samples;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Limits;

/// <summary>Who waits as told is let in, at the very second that it was told.</summary>
public sealed class RetryTests
{
    private const int Requests = 25;

    [Theory]
    [InlineData(1, "Default:TokenLimit=3;Default:TokensPerPeriod=1;Default:ReplenishmentPeriod=00:00:07")]
    [InlineData(1, "Default:TokenLimit=5;Default:TokensPerPeriod=3;Default:ReplenishmentPeriod=00:00:02.5")]
    [InlineData(1, "Models:fake:PerCaller:TokenLimit=2;Models:fake:PerCaller:TokensPerPeriod=1;Models:fake:PerCaller:ReplenishmentPeriod=00:00:03.3")]
    [InlineData(1, "Models:fake:Total:TokenLimit=4;Models:fake:Total:TokensPerPeriod=1")]
    [InlineData(1, "Default:Total:TokenLimit=4;Default:Total:TokensPerPeriod=3;Default:Total:ReplenishmentPeriod=00:00:11")]
    [InlineData(8, "Cost=Rows;Default:TokenLimit=20;Default:TokensPerPeriod=1")]
    [InlineData(8, "Cost=Rows;Default:TokenLimit=8;Default:TokensPerPeriod=3;Default:ReplenishmentPeriod=00:00:02")]
    [InlineData(8, "Cost=WeightedRows;Models:fake:Weight=3;Default:TokenLimit=25;Default:TokensPerPeriod=1")]
    [InlineData(8, "Default:Bytes:TokenLimit=700;Default:Bytes:TokensPerPeriod=10")]
    [InlineData(8, "Cost=Rows;Default:TokenLimit=9;Default:TokensPerPeriod=1;Default:Bytes:TokenLimit=700;Default:Bytes:TokensPerPeriod=10;Default:Total:TokenLimit=30;Default:Total:TokensPerPeriod=1;Models:fake:PerCaller:TokenLimit=12;Models:fake:PerCaller:TokensPerPeriod=2")]
    public async Task Send_SameRequestAgainAndAgain_IsRefusedOnceAtMost(int rows, string settings)
    {
        await using var app = await LimitedApp.StartAsync(Read(settings));
        var waits = 0;
        var random = new Random(rows);
        for (var request = 0; request < Requests; request++)
        {
            // Plain, inflated, and of a length that nobody says: what it costs is the same.
            var form = request % 3;
            waits += await SendPatientlyAsync(app, () => form switch
            {
                0 => LimitedApp.Rows(rows),
                1 => InferBody.Compressed(LimitedApp.Json(rows)),
                _ => new StreamContent(new UnseekableStream(LimitedApp.Json(rows))),
            });
            app.Time.Advance(TimeSpan.FromMilliseconds(random.Next(700)));
        }

        Assert.InRange(waits, 2, Requests);
    }

    [Fact]
    public async Task Send_WaitsASecondLessThanTold_IsRefusedAgain()
    {
        await using var app = await LimitedApp.StartAsync(Read("Default:TokenLimit=1;Default:TokensPerPeriod=1;Default:ReplenishmentPeriod=00:00:09"));
        await SendPatientlyAsync(app, static () => LimitedApp.Rows(1));
        using var refused = (await app.PostAsync(LimitedApp.Rows(1))).Answer;
        app.Time.Advance(Wait(refused) - TimeSpan.FromSeconds(1));

        using var again = (await app.PostAsync(LimitedApp.Rows(1))).Answer;

        Assert.Equal(HttpStatusCode.TooManyRequests, again.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), Wait(again));
    }

    [Fact]
    public async Task Send_AsManyGoOnAsMay_TheNextIsRefusedUntilOneIsOver()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var model = FakeModel.Gated(gate.Task);
        await using var app = await LimitedApp.StartAsync(Read("Default:ConcurrencyLimit=1"), model);
        var slow = app.PostAsync(LimitedApp.Rows(1));
        await Eventually.IsTrueAsync(() => model.Runs == 1, "the slow request runs");

        using var refused = (await app.PostAsync(LimitedApp.Rows(1))).Answer;
        gate.SetResult();
        using var first = (await slow).Answer;

        Assert.Equal(["default-concurrency"], await ViolatedAsync(refused));
        Assert.Equal(TimeSpan.FromSeconds(1), Wait(refused));
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);

        // An answer is over for its caller a moment before it is for the server.
        await Eventually.IsTrueAsync(async () => (await app.PostAsync(LimitedApp.Rows(1))).Answer.IsSuccessStatusCode, "the slow request is over");
        Assert.Equal(2, model.Runs);
    }

    [Fact]
    public async Task Send_ModelFails_CostsNothing()
    {
        await using var app = await LimitedApp.StartAsync(
            Read("Cost=Rows;Default:TokenLimit=10;Default:TokensPerPeriod=1;Default:Bytes:TokenLimit=1000;Default:Bytes:TokensPerPeriod=1"),
            FakeModel.Create([new TensorSpec("x", TensorDataType.Float32, [-1, 4])], [new TensorSpec("y", TensorDataType.Float32, [-1, 4])], static (_, _) => throw new InvalidTimeZoneException()));
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var (answer, limits) = await app.PostAsync(LimitedApp.Rows(8));

            Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
            Assert.Equal(10, limits.Left("default"));
        }
    }

    [Fact]
    public async Task Send_QueueIsFull_CostsNothing()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var model = FakeModel.Gated(gate.Task);
        await using var app = await LimitedApp.StartAsync(
            Read("Cost=Rows;Default:TokenLimit=10;Default:TokensPerPeriod=1"), model, new ModelOptions { Path = "fake", Lanes = 1, MaxQueueLength = 1 });
        var running = app.PostAsync(LimitedApp.Rows(2));
        await Eventually.IsTrueAsync(() => model.Runs == 1, "the lane is taken");

        // One of the two waits. No two are refused at once: of what is given back in one moment, a bucket may keep a part.
        Task<(HttpResponseMessage Answer, LimitFields Limits)>[] others = [app.PostAsync(LimitedApp.Rows(2)), app.PostAsync(LimitedApp.Rows(2))];
        var first = await await Task.WhenAny(others);
        var (last, limits) = await app.PostAsync(LimitedApp.Rows(2));
        gate.SetResult();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, first.Answer.StatusCode);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 6L), (last.StatusCode, limits.Left("default")));
        Assert.Equal(HttpStatusCode.OK, (await running).Answer.StatusCode);
        Assert.Single(await Task.WhenAll(others), static answer => answer.Answer.IsSuccessStatusCode);
    }

    private static Dictionary<string, string> Read(string settings) =>
        settings.Split(';').Select(static setting => setting.Split('=')).ToDictionary(static parts => parts[0], static parts => parts[1]);

    private static async Task<int> SendPatientlyAsync(LimitedApp app, Func<HttpContent> content)
    {
        for (var waits = 0; ; waits++)
        {
            using var answer = (await app.PostAsync(content())).Answer;
            if (answer.IsSuccessStatusCode)
            {
                return waits;
            }

            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.True(waits == 0, "It was refused, waited as told, and was refused again.");
            Assert.NotEmpty(await ViolatedAsync(answer));
            app.Time.Advance(Wait(answer));
        }
    }

    private static TimeSpan Wait(HttpResponseMessage answer) => answer.Headers.RetryAfter!.Delta!.Value;

    private static async Task<string[]> ViolatedAsync(HttpResponseMessage answer)
    {
        using var body = System.Text.Json.JsonDocument.Parse((await Refusal.ReadAsync(answer)).Body);
        return [.. body.RootElement.GetProperty("violated-policies").EnumerateArray().Select(static name => name.GetString()!)];
    }
}
