using System.Collections.Concurrent;
using System.Net;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Tokens;

/// <summary>An issuer changes its keys while requests run.</summary>
public sealed class KeyRotationTests
{
    private const int Rotations = 3;

    /// <summary>Longer than the least time between two fetches that tokens cause.</summary>
    private static readonly TimeSpan BetweenRotations = TimeSpan.FromSeconds(1.2);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Infer_KeysRotateUnderLoad_NoValidTokenFails()
    {
        var model = FakeModel.Echo();
        using var authority = new LoopbackAuthority();
        await using var server = await OpenIdServer.StartAsync(authority);
        await using var app = await TokenApp.StartAsync(model, authority, server);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var answers = new ConcurrentQueue<HttpStatusCode>();

        var load = Enumerable.Range(0, 4).Select(_ => LoadAsync(server, app, answers, stop.Token)).ToArray();
        for (var rotation = 0; rotation < Rotations; rotation++)
        {
            await Task.Delay(BetweenRotations, Cancelled);
            var before = server.Discoveries;
            server.Rotate(keep: Rotations);
            await EchoApp.UntilAsync(() => Task.FromResult(server.Discoveries > before), Cancelled);
        }

        var last = answers.Count;
        await EchoApp.UntilAsync(() => Task.FromResult(answers.Count > last + 8), Cancelled);
        await stop.CancelAsync();
        await Task.WhenAll(load);

        Assert.All(answers, static status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Fact]
    public async Task Infer_KeyIsRetired_ItsTokensFailOnceThatIsKnown()
    {
        var model = FakeModel.Echo();
        using var authority = new LoopbackAuthority();
        await using var server = await OpenIdServer.StartAsync(authority);
        await using var app = await TokenApp.StartAsync(model, authority, server);
        var old = await server.GetTokenAsync("model:fake:infer", Cancelled);
        Assert.Equal(HttpStatusCode.OK, await TokenApp.InferAsync(app, old, Cancelled));

        server.Rotate(keep: 0);
        var next = await server.GetTokenAsync("model:fake:infer", Cancelled);
        await EchoApp.UntilAsync(async () => await TokenApp.InferAsync(app, next, Cancelled) == HttpStatusCode.OK, Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, await TokenApp.InferAsync(app, old, Cancelled));
    }

    private static async Task LoadAsync(OpenIdServer server, GuardedApp app, ConcurrentQueue<HttpStatusCode> answers, CancellationToken stopped)
    {
        while (!stopped.IsCancellationRequested)
        {
            // Used twice: once new, once remembered.
            var token = await server.GetTokenAsync("model:fake:infer", Cancelled);
            answers.Enqueue(await TokenApp.InferAsync(app, token, Cancelled));
            answers.Enqueue(await TokenApp.InferAsync(app, token, Cancelled));
        }
    }
}
