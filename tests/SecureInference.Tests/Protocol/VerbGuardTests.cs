using System.Net;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Protocol;

public class VerbGuardTests
{
    [Theory]
    [InlineData("/v2", "GET, HEAD")]
    [InlineData("/v2/health/live", "GET, HEAD")]
    [InlineData("/v2/health/ready", "GET, HEAD")]
    [InlineData("/v2/models/m", "GET, HEAD")]
    [InlineData("/v2/models/m/ready", "GET, HEAD")]
    [InlineData("/v2/models/m/versions/1", "GET, HEAD")]
    [InlineData("/v2/models/m/infer", "POST")]
    [InlineData("/v2/models/m/versions/1/infer", "POST")]
    public async Task Request_VerbThatThePathDoesNotKnow_Returns405WithAllow(string path, string allowed)
    {
        var model = FakeModel.Echo();
        await using var app = await Served.StartAsync(model);

        foreach (var verb in new[] { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY" }.Except(allowed.Split(", ")))
        {
            using var request = new HttpRequestMessage(new HttpMethod(verb), path);
            using var answer = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
            Assert.Equal(allowed.Split(", "), answer.Content.Headers.Allow);
        }

        Assert.Equal(0, model.Runs);
        Assert.Empty(app.Warnings());
    }

    [Fact]
    public async Task Request_WrongVerbOfAStranger_Returns401()
    {
        await using var app = await Served.StartAsync(FakeModel.Echo());

        using var answer = await app.Stranger.DeleteAsync(new Uri("/v2/models/m", UriKind.Relative), TestContext.Current.CancellationToken);

        await answer.MustRefuseAsync(HttpStatusCode.Unauthorized);
        Assert.Empty(answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task Infer_MethodOverrideHeaders_AreNotHeard()
    {
        var model = FakeModel.Echo();
        await using var app = await Served.StartAsync(model);
        using var request = new HttpRequestMessage(HttpMethod.Get, Served.Path) { Content = new ByteArrayContent(Wire.Good()) };
        request.Headers.Add("X-HTTP-Method-Override", "POST");
        request.Headers.Add("X-HTTP-Method", "POST");

        using var answer = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await answer.MustRefuseAsync(HttpStatusCode.MethodNotAllowed);
        Assert.Equal(0, model.Runs);
    }
}
