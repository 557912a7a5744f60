using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol;

public class HealthEndpointsTests
{
    [Theory]
    [InlineData("/v2/health/live", """{"live":true}""")]
    [InlineData("/v2/health/ready", """{"ready":true,"live":true}""")]
    public async Task Get_ServerHealth_AnswersStrangers(string path, string body)
    {
        await using var app = await Served.StartAsync(FakeModel.Echo());

        using var answer = await app.Stranger.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(body, (await answer.ReadJsonAsync()).GetRawText());
        Assert.Equal(body.Length, answer.Content.Headers.ContentLength);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task Get_Draining_IsLiveButNotReady()
    {
        await using var app = await Served.StartAsync(FakeModel.Echo());
        using var openConnection = await app.Stranger.GetAsync("/v2/health/live", TestContext.Current.CancellationToken);
        await app.Services.GetRequiredService<DrainState>().DrainAsync();

        using var live = await app.Stranger.GetAsync("/v2/health/live", TestContext.Current.CancellationToken);
        using var ready = await app.Stranger.GetAsync("/v2/health/ready", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.StartsWith("""{"ready":false,"live":true""", await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v2/models/m/ready")]
    [InlineData("/v2/models/m/versions/1/ready")]
    public async Task Get_ModelReady_AnswersWhoMayReadIt(string path)
    {
        await using var app = await Served.StartAsync(FakeModel.Echo());

        using var answer = await app.Client.GetAsync(path, TestContext.Current.CancellationToken);
        using var stranger = await app.Stranger.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal("""{"name":"m","ready":true}""", (await answer.ReadJsonAsync()).GetRawText());
        await stranger.MustRefuseAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Get_ReadyOfAnotherVersion_Returns404()
    {
        await using var app = await Served.StartAsync(FakeModel.Echo());

        using var answer = await app.Client.GetAsync("/v2/models/m/versions/2/ready", TestContext.Current.CancellationToken);

        Assert.Equal("Request for unknown model: 'm' version '2' is not found", await answer.MustRefuseAsync(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Get_CheckFindsSomething_IsNotReadyUntilItFindsNothing()
    {
        var check = new FakeReadiness { Error = InferenceErrors.AuditUnavailable };
        await using var app = await GuardedApp.StartAsync(services: services => services
            .AddSingleton<IReadinessCheck>(new FakeReadiness { Degradation = "Old." }).AddSingleton<IReadinessCheck>(check));

        using var live = await app.Stranger.GetAsync("/v2/health/live", TestContext.Current.CancellationToken);
        using var notReady = await app.Stranger.GetAsync("/v2/health/ready", TestContext.Current.CancellationToken);
        check.Error = null;
        using var ready = await app.Stranger.GetAsync("/v2/health/ready", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, notReady.StatusCode);
        Assert.Equal(
            $$"""{"ready":false,"live":true,"error":"{{InferenceErrors.AuditUnavailable.Detail}}"}""", await notReady.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }
}
