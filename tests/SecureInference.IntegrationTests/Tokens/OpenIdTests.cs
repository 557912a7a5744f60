using System.Net;
using SecureInference.IntegrationTests.Attacks;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Tokens;

/// <summary>Tokens of a real server, whose keys come over real TLS.</summary>
public sealed class OpenIdTests : IAsyncLifetime
{
    private readonly LoopbackAuthority _authority = new();
    private readonly FakeModel _model = FakeModel.Echo();
    private OpenIdServer? _first;
    private OpenIdServer? _second;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private OpenIdServer First => _first ?? throw new InvalidOperationException("The server has not started.");

    private OpenIdServer Second => _second ?? throw new InvalidOperationException("The server has not started.");

    public async ValueTask InitializeAsync()
    {
        _first = await OpenIdServer.StartAsync(_authority);
        _second = await OpenIdServer.StartAsync(_authority);
    }

    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
        _authority.Dispose();
    }

    [Fact]
    public async Task Infer_TokensWithScopes_MayDoWhatTheirScopesSay()
    {
        await using var app = await TokenApp.StartAsync(_model, _authority, First);

        Assert.Equal(HttpStatusCode.OK, await InferAsync(app, "model:fake:infer"));
        Assert.Equal(HttpStatusCode.OK, await InferAsync(app, "openid model:*:infer"));
        Assert.Equal(HttpStatusCode.Forbidden, await InferAsync(app, "model:fake:read"));
        Assert.Equal(HttpStatusCode.NotFound, await InferAsync(app, "model:other:infer"));
        Assert.Equal(HttpStatusCode.NotFound, await InferAsync(app, "profile"));
        Assert.Equal(HttpStatusCode.NotFound, await InferAsync(app, "admin"));
        Assert.Equal(2, _model.Runs);
    }

    [Fact]
    public async Task Infer_TwoServers_BothAreAcceptedAndTheirSubjectsDiffer()
    {
        await using var app = await TokenApp.StartAsync(_model, _authority, First, Second);

        Assert.Equal(HttpStatusCode.OK, await TokenApp.InferAsync(app, await First.GetTokenAsync("model:fake:infer", Cancelled), Cancelled));
        Assert.Equal(HttpStatusCode.OK, await TokenApp.InferAsync(app, await Second.GetTokenAsync("model:fake:infer", Cancelled), Cancelled));

        var records = await app.StopAndReadAuditAsync();
        Assert.Contains(records, record => record.ToString().Contains(First.Name + "|shop", StringComparison.Ordinal));
        Assert.Contains(records, record => record.ToString().Contains(Second.Name + "|shop", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Infer_ServerThatIsNotListed_Is401AndIsNotAsked()
    {
        await using var app = await TokenApp.StartAsync(_model, _authority, First);
        var asked = Second.Discoveries;

        Assert.Equal(HttpStatusCode.Unauthorized, await TokenApp.InferAsync(app, await Second.GetTokenAsync("model:fake:infer", Cancelled), Cancelled));

        Assert.Equal(asked, Second.Discoveries);
        Assert.Equal(0, _model.Runs);
    }

    [Fact]
    public async Task Start_DiscoveryIsDown_StartsAndServesTokensOnceItIsUp()
    {
        First.IsDiscoveryDown = true;
        await using var app = await TokenApp.StartAsync(_model, _authority, First);
        var token = await First.GetTokenAsync("model:fake:infer", Cancelled);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await TokenApp.InferAsync(app, token, Cancelled));
        using var byKey = await app.Client.PostAsync(EchoApp.InferPath, EchoApp.Content(), Cancelled);
        Assert.Equal(HttpStatusCode.OK, byKey.StatusCode);
        using var notReady = await app.Stranger.GetAsync("/v2/health/ready", Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, notReady.StatusCode);
        Assert.Contains(app.Log.Entries, static entry => entry.EventId == 1221);

        First.IsDiscoveryDown = false;
        await EchoApp.UntilAsync(async () => await TokenApp.InferAsync(app, token, Cancelled) == HttpStatusCode.OK, Cancelled);
        using var ready = await app.Stranger.GetAsync("/v2/health/ready", Cancelled);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task Infer_ServersCertificateIsNotTrusted_Is503()
    {
        using var stranger = new LoopbackAuthority();
        await using var app = await TokenApp.StartAsync(_model, stranger, First);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await TokenApp.InferAsync(app, await First.GetTokenAsync("model:fake:infer", Cancelled), Cancelled));
        Assert.Equal(0, _model.Runs);
    }

    [Fact]
    public async Task Infer_DiscoveryGoesDownLater_KnownKeysGoOn()
    {
        await using var app = await TokenApp.StartAsync(_model, _authority, First);
        First.IsDiscoveryDown = true;

        Assert.Equal(HttpStatusCode.OK, await TokenApp.InferAsync(app, await First.GetTokenAsync("model:fake:infer", Cancelled), Cancelled));

        // With a new key it cannot be known whether the token is good.
        First.Rotate(keep: 1);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await TokenApp.InferAsync(app, await First.GetTokenAsync("model:fake:infer", Cancelled), Cancelled));

        First.IsDiscoveryDown = false;
        var token = await First.GetTokenAsync("model:fake:infer", Cancelled);
        await EchoApp.UntilAsync(async () => await TokenApp.InferAsync(app, token, Cancelled) == HttpStatusCode.OK, Cancelled);
    }

    private async Task<HttpStatusCode> InferAsync(GuardedApp app, string scope) =>
        await TokenApp.InferAsync(app, await First.GetTokenAsync(scope, Cancelled), Cancelled);
}
