using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using SecureInference.IntegrationTests.Samples;

namespace SecureInference.IntegrationTests.Load;

public sealed class ShutdownTests
{
    private const int Connections = 32;
    private const int SlowBodies = 8;
    private const string Infer = "/v2/models/digits/infer";

    [Fact]
    public async Task Terminate_UnderLoad_FinishesWhatIsInFlightAndRefusesTheRest()
    {
        await using var sample = new DigitsSample();
        await sample.InitializeAsync();
        var rows = new LoadRows(seed: 5);
        using var idle = await RawConnection.OpenAsync(sample.Process.Address);
        using var probe = await RawConnection.OpenAsync(sample.Process.Address);
        var slow = await BeginSlowAsync(sample, rows);
        var load = new SteadyLoad(sample, rows, Connections);
        await Eventually.IsTrueAsync(() => load.Count(HttpStatusCode.OK) > 200, "the load is under way");

        await sample.Process.SignalAsync("TERM");

        await AssertRefusedWhileDrainingAsync(sample, idle);
        Assert.Equal((503, 200), (await AskAsync(probe, "ready"), await AskAsync(probe, "live")));
        await Eventually.IsTrueAsync(() => RefusesConnectionsAsync(sample.Process.Address), "nobody listens any more");
        Assert.False(sample.Process.HasExited);
        for (var index = 0; index < slow.Length; index++)
        {
            var (status, body) = await slow[index].FinishAsync();
            Assert.Equal(200, status);
            Assert.Equal(rows[index].Expected, OutputOf(body));
            slow[index].Dispose();
        }

        Assert.Equal(0, await sample.Process.WaitForExitAsync());
        await load.Completion;
        Assert.Empty(load.Statuses.Except([HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable]));
        var audit = sample.Audit;
        audit.AssertEveryDecisionHasItsOutcome();
        Assert.Equal(load.Count(HttpStatusCode.OK) + SlowBodies, audit.Outcomes.Count(static record =>
            record.GetProperty("operation").GetString() == "infer" && record.GetProperty("status").GetInt32() == 200));
    }

    [Theory]
    [InlineData("00:00:01", "30")]
    [InlineData("00:00:20", "1")]
    public async Task Terminate_BodyThatNeverComes_EndsWhenTheShorterPatienceIsOver(string drainTimeout, string shutdownTimeout)
    {
        await using var sample = new DigitsSample();
        sample.Settings["DrainTimeout"] = drainTimeout;
        sample.Arguments.AddRange(["--shutdownTimeoutSeconds", shutdownTimeout]);
        await sample.InitializeAsync();
        using var slow = await SlowBody.BeginAsync(sample, HeldOutDigits.Tensor([0]), "never");

        await sample.Process.SignalAsync("TERM");

        Assert.Equal(0, await sample.Process.WaitForExitAsync());
        sample.Audit.AssertEveryDecisionHasItsOutcome();
        Assert.Single(sample.Audit.Outcomes);
    }

    [Fact]
    public async Task Terminate_StrangerWhoNeverEndsItsHeaders_IsNoCrash()
    {
        await using var sample = new DigitsSample();
        await sample.InitializeAsync();
        using var connection = await RawConnection.OpenAsync(sample.Process.Address);
        await connection.SendAsync("POST /v2/models/digits/infer HTTP/1.1\r\nHost: local");

        await sample.Process.SignalAsync("TERM");

        Assert.Equal(0, await sample.Process.WaitForExitAsync());
        Assert.DoesNotContain("Unhandled exception", sample.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kill_UnderLoad_TheNextStartGoesOnWithTheSameAuditFolder()
    {
        await using var sample = new DigitsSample();
        await sample.InitializeAsync();
        var load = new SteadyLoad(sample, new LoadRows(seed: 6), Connections);
        await Eventually.IsTrueAsync(() => load.Count(HttpStatusCode.OK) > 200, "the load is under way");

        await sample.Process.SignalAsync("KILL");
        await sample.Process.WaitForExitAsync();
        await load.Completion;
        const string Torn = "half a frame";
        var path = Assert.Single(Directory.GetFiles(sample.AuditFolder, "*.open"));
        await File.AppendAllTextAsync(path, Torn, TestContext.Current.CancellationToken);
        await sample.InitializeAsync();
        using var response = await sample.Client.PostAsync(Infer, InferBody.Json("after", HeldOutDigits.Tensor([0])), TestContext.Current.CancellationToken);

        Assert.Equal("after", (await InferAnswer.ReadAsync(response)).Id);
        await sample.Process.SignalAsync("TERM");
        Assert.Equal(0, await sample.Process.WaitForExitAsync());
        Assert.NotEmpty(sample.Audit.Decisions);
        Assert.Equal("infer", sample.Audit.Outcomes.Last().GetProperty("operation").GetString());
        var aside = Assert.Single(Directory.GetFiles(sample.AuditFolder, "quarantine-*"));
        Assert.EndsWith(Torn, await File.ReadAllTextAsync(aside, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task<int> AskAsync(RawConnection connection, string health)
    {
        await connection.SendAsync($"GET /v2/health/{health} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        return (await connection.ReceiveAsync()).Status;
    }

    private static async Task<SlowBody[]> BeginSlowAsync(DigitsSample sample, LoadRows rows)
    {
        var slow = new SlowBody[SlowBodies];
        for (var index = 0; index < slow.Length; index++)
        {
            slow[index] = await SlowBody.BeginAsync(sample, rows[index].Pixels, $"slow-{index}");
        }

        return slow;
    }

    private static async Task AssertRefusedWhileDrainingAsync(DigitsSample sample, RawConnection connection)
    {
        while (true)
        {
            await connection.SendAsync($"GET /v2 HTTP/1.1\r\nHost: localhost\r\nx-api-key: {sample.Key}\r\n\r\n");
            var (status, headers, body) = await connection.ReceiveAsync();
            if (status != 200)
            {
                var refusal = Refusal.Create(status, headers, body);
                Assert.Equal((503, "draining"), (refusal.Status, refusal.Rule));
                Assert.Equal("close", refusal.Header("Connection"));
                Assert.Equal("5", refusal.Header("Retry-After"));
                Assert.True(await connection.IsClosedAsync());
                return;
            }
        }
    }

    private static async Task<bool> RefusesConnectionsAsync(Uri address)
    {
        try
        {
            using var connection = await RawConnection.OpenAsync(address);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static byte[] OutputOf(string body)
    {
        using var json = JsonDocument.Parse(body);
        return WireTensor.FromJson(json.RootElement.GetProperty("outputs")[0]).Data;
    }
}
