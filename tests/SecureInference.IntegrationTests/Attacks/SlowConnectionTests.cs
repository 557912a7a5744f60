using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Attacks;

/// <summary>Whoever sends or reads slowly waits alone: a lane is taken for a run and for nothing else.</summary>
public sealed class SlowConnectionTests
{
    private const int Connections = 8;

    [Fact]
    public async Task Infer_OthersStoppedHalfWayThroughTheirBodies_RunsAtOnce()
    {
        var model = FakeModel.Echo();
        await using var app = await EchoApp.StartAsync(model, configure: static options => options.Lanes = 1);
        var head = $"POST {EchoApp.InferPath} HTTP/1.1\r\nHost: localhost\r\nx-api-key: {app.Key}\r\nContent-Length: {EchoApp.Body.Length}\r\nConnection: close\r\n\r\n";
        var slow = await ConnectAsync(app, head + EchoApp.Body[..^4]);

        using var response = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);

        Assert.Equal(1, model.Lanes);
        response.EnsureSuccessStatusCode();
        Assert.Equal(1, model.Runs);
        foreach (var client in slow)
        {
            await client.SendAsync(EchoApp.Body[^4..], TestContext.Current.CancellationToken);
            var answer = await client.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.Equal([200], RawClient.Statuses(answer));
            client.Dispose();
        }
    }

    [Fact]
    public async Task Infer_OthersStoppedHalfWayThroughTheirHeaders_RunsAtOnce()
    {
        await using var app = await EchoApp.StartAsync(FakeModel.Echo(), configure: static options => options.Lanes = 1);
        var slow = await ConnectAsync(app, $"POST {EchoApp.InferPath} HTTP/1.1\r\nHost: localhost\r\nx-api-key: {app.Key[..20]}");

        using var response = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);

        response.EnsureSuccessStatusCode();
        Array.ForEach(slow, static client => client.Dispose());
    }

    [Fact]
    public async Task Infer_OthersDoNotReadTheirLargeAnswers_RunsAtOnce()
    {
        // More than the sockets of both ends hold.
        const int Elements = 6_000_000;
        var model = FakeModel.Create(
            [new TensorSpec("x", TensorDataType.Float32, [-1, 4])],
            [new TensorSpec("y", TensorDataType.Float32, [-1])],
            static (request, _) =>
            {
                var isLarge = request.Inputs[0].GetValues<float>()[0] > 5;
                return ValueTask.FromResult(new InferenceResponse(
                    isLarge ? Tensor.Create("y", [Elements], new float[Elements]) : Tensor.Create<float>("y", [1], [1])));
            });
        await using var app = await EchoApp.StartAsync(model, configure: static options => options.Lanes = 1);
        var body = EchoApp.Body.Replace("[1,2,3,4]", "[9,2,3,4]", StringComparison.Ordinal)[..^1] + ""","parameters":{"binary_data_output":true}}""";
        var head = $"POST {EchoApp.InferPath} HTTP/1.1\r\nHost: localhost\r\nx-api-key: {app.Key}\r\nContent-Length: {body.Length}\r\n\r\n";
        using var first = await RawClient.ConnectAsync(app.Address, TestContext.Current.CancellationToken);
        using var second = await RawClient.ConnectAsync(app.Address, TestContext.Current.CancellationToken);
        await first.SendAsync(head + body, TestContext.Current.CancellationToken);
        await second.SendAsync(head + body, TestContext.Current.CancellationToken);
        await EchoApp.UntilAsync(() => Task.FromResult(model.Runs == 2), TestContext.Current.CancellationToken);

        using var response = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), TestContext.Current.CancellationToken);

        response.EnsureSuccessStatusCode();
        Assert.Equal(3, model.Runs);
    }

    [Fact]
    public async Task Infer_CallerGoesAwayHalfWayThroughTheBody_IsRecordedAsNotRun()
    {
        var model = FakeModel.Echo();
        await using var app = await EchoApp.StartAsync(model);
        var slow = await ConnectAsync(
            app, $"POST {EchoApp.InferPath} HTTP/1.1\r\nHost: localhost\r\nx-api-key: {app.Key}\r\nContent-Length: {EchoApp.Body.Length}\r\n\r\n{{");

        Array.ForEach(slow, static client => client.Dispose());

        await EchoApp.UntilAsync(() => Task.FromResult(AuditFiles.Read(app.AuditFolder).Count == 2 * Connections), TestContext.Current.CancellationToken);
        var records = await app.StopAndReadAuditAsync();
        Assert.Equal(0, model.Runs);
        Assert.All(
            records.Where(static record => record.GetProperty("kind").ValueEquals("decision")),
            static record => Assert.Equal("refuse", record.GetProperty("decision").GetString()));
        Assert.All(
            records.Where(static record => record.GetProperty("kind").ValueEquals("outcome")),
            static record => Assert.Contains(record.GetProperty("status").GetInt32(), new[] { 400, 499 }));
    }

    private static async Task<RawClient[]> ConnectAsync(GuardedApp app, string text)
    {
        var clients = new RawClient[Connections];
        for (var index = 0; index < clients.Length; index++)
        {
            clients[index] = await RawClient.ConnectAsync(app.Address, TestContext.Current.CancellationToken);
            await clients[index].SendAsync(text, TestContext.Current.CancellationToken);
        }

        return clients;
    }
}
