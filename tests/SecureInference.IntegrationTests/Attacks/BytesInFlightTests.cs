using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.IntegrationTests.Samples;
using SecureInference.Protocol;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Attacks;

public sealed class BytesInFlightTests
{
    private const string Path = "/v2/models/fake/infer";
    private const string Body = """{"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""";

    // Bodies that are announced and do not come hold what they announced: beyond it, nothing is read.
    [Fact]
    public async Task Infer_CallerHoldsAllItMay_Is429AndIsTakenOnceTheOthersEnd()
    {
        await using var app = await GuardedApp.StartAsync(
            static guards => guards.Services
                .AddSingleton<IModelLoader>(FakeModel.Echo())
                .AddSingleton(new ModelRegistration("fake", new ModelOptions { Path = "fake" })),
            settings: new Dictionary<string, string?> { ["Protocol:MaxCallerBytesInFlight"] = "1000" });
        var cancelled = TestContext.Current.CancellationToken;
        using var slow = await RawClient.ConnectAsync(app.Address, cancelled);
        await slow.SendAsync($"POST {Path} HTTP/1.1\r\nHost: x\r\nx-api-key: {app.Key}\r\nContent-Length: 990\r\n\r\n", cancelled);

        var inFlight = app.Services.GetRequiredService<BytesInFlight>();
        await Eventually.IsTrueAsync(() => inFlight.Held == (990, 1), "the slow body holds what it announced");
        using var refused = await SendAsync(app);
        slow.Dispose();
        await Eventually.IsTrueAsync(async () => (await SendAsync(app)).StatusCode == HttpStatusCode.OK, "the slow body has let go");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        await Eventually.IsTrueAsync(() => inFlight.Held == (0, 0), "nothing is held any more");
    }

    private static Task<HttpResponseMessage> SendAsync(GuardedApp app) =>
        app.Client.PostAsync(Path, new StringContent(Body), TestContext.Current.CancellationToken);
}
