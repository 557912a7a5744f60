using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol;

public class ClientAbortTests
{
    [Theory]
    [InlineData(false, "Content-Length: 1000")]
    [InlineData(true, "Content-Length: 1000")]
    [InlineData(false, "Transfer-Encoding: chunked")]
    [InlineData(true, "Transfer-Encoding: chunked")]
    [InlineData(false, "Content-Length: 1000", "Content-Encoding: gzip")]
    [InlineData(true, "Content-Length: 1000", "Content-Encoding: gzip")]
    [InlineData(true, "Content-Length: 1000", "Content-Encoding: deflate")]
    [InlineData(true, "Transfer-Encoding: chunked", "Content-Encoding: gzip")]
    [InlineData(false, "Content-Length: 1000", "Inference-Header-Content-Length: 0")]
    [InlineData(true, "Content-Length: 1000", "Inference-Header-Content-Length: 500")]
    public async Task Infer_ClientGoesAwayMidBody_IsNeitherRunNorLogged(bool isReset, params string[] headers)
    {
        var model = FakeModel.Echo();
        await using var app = await Served.StartAsync(model);
        var drain = app.Services.GetRequiredService<DrainState>();
        var start = headers.Contains("Content-Encoding: gzip") ? [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0] : headers.Contains("Content-Encoding: deflate") ? [0x78, 0x9C] : Wire.Utf8("{\"inputs\":[");

        using (var connection = await app.SendHeadAsync(headers))
        {
            var body = headers[0].StartsWith("Transfer", StringComparison.Ordinal) ? Wire.Join(Wire.Utf8($"{start.Length:x}\r\n"), start, Wire.Utf8("\r\n20\r\n ")) : start;
            await connection.GetStream().WriteAsync(body, TestContext.Current.CancellationToken);
            await Served.UntilAsync(() => drain.InFlight == 1);
            GoAway(connection, isReset);
        }

        await Served.UntilAsync(() => drain.InFlight == 0);
        await MustBeQuietAsync(app);
        Assert.Equal(0, model.Runs);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Infer_ClientGoesAwayDuringTheRun_CancelsItAndIsNotLogged(bool isReset)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var model = FakeModel.Create(
            [new TensorSpec("x", TensorDataType.Float32, [-1, 4])],
            [new TensorSpec("y", TensorDataType.Float32, [-1, 4])],
            async (_, cancellationToken) =>
            {
                started.SetResult();
                await using var registration = cancellationToken.Register(cancelled.SetResult);
                await cancelled.Task;
                throw new OperationCanceledException(cancellationToken);
            });
        await using var app = await Served.StartAsync(model);
        var drain = app.Services.GetRequiredService<DrainState>();

        using (var connection = await app.SendHeadAsync($"Content-Length: {Wire.Good().Length}"))
        {
            await connection.GetStream().WriteAsync(Wire.Good(), TestContext.Current.CancellationToken);
            await started.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            GoAway(connection, isReset);
        }

        await Served.UntilAsync(() => drain.InFlight == 0);
        await MustBeQuietAsync(app);
        Assert.True(cancelled.Task.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(false, "identity")]
    [InlineData(true, "identity")]
    [InlineData(false, "gzip")]
    [InlineData(true, "gzip")]
    public async Task Infer_ClientGoesAwayMidAnswer_IsNotLogged(bool isReset, string accepted)
    {
        // More than the buffers of both ends hold, and of the kind that does not compress.
        const int Count = 4 << 20;
        var dice = new Dice(3);
        var values = new double[Count];
        for (var index = 0; index < Count; index++)
        {
            values[index] = BitConverter.UInt64BitsToDouble(dice.NextBits() >> 2);
        }

        var model = Models.Constant(Tensor.Create<double>("y", [Count], values));
        await using var app = await Served.StartAsync(model);
        var drain = app.Services.GetRequiredService<DrainState>();
        var body = Wire.Good(",\"parameters\":{\"binary_data_output\":true}");

        using (var connection = await app.SendHeadAsync($"Content-Length: {body.Length}", $"Accept-Encoding: {accepted}"))
        {
            await connection.GetStream().WriteAsync(body, TestContext.Current.CancellationToken);
            var first = new byte[100];
            await connection.GetStream().ReadExactlyAsync(first, TestContext.Current.CancellationToken);
            Assert.StartsWith("HTTP/1.1 200", System.Text.Encoding.ASCII.GetString(first), StringComparison.Ordinal);
            GoAway(connection, isReset);
        }

        await Served.UntilAsync(() => drain.InFlight == 0);
        await MustBeQuietAsync(app);
    }

    private static void GoAway(TcpClient connection, bool isReset)
    {
        if (isReset)
        {
            connection.Client.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        connection.Close();
    }

    private static async Task MustBeQuietAsync(GuardedApp app)
    {
        var audit = await app.StopAndReadAuditAsync();

        Assert.Empty(app.Warnings());
        Assert.DoesNotContain(audit, static record => record.TryGetProperty("status", out var status) && status.GetInt32() >= 500);
    }
}
