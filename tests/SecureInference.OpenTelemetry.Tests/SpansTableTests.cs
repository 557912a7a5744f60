using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.TestSupport;

namespace SecureInference.OpenTelemetry.Tests;

/// <summary>Spans are of the whole process, and so no other app may answer requests meanwhile.</summary>
[Collection("Apps")]
public sealed class SpansTableTests
{
    private const string Good = """{"inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""";

    [Fact]
    public async Task Spans_OfTheCodeAndOfTheDocs_AreTheSame()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var model = FakeModel.Gated(gate.Task);
        using var spans = new CollectedSpans();
        await using var app = await GuardedApp.StartAsync(
            guards => guards.Services.AddSingleton<IModelLoader>(model),
            settings: new Dictionary<string, string?> { ["Models:digits:Path"] = "d", ["Models:digits:Lanes"] = "1" });

        await SendAsync(app, "{}", traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        gate.SetResult();
        await SendAsync(app, Good);
        await app.StopAsync();

        Assert.Equal(TelemetryPage.Spans.Select(static row => row[0].Trim('`')).Where(static name => name != "batch"), spans.All.Select(static span => span.OperationName).Distinct().Order().OrderBy(static name => name == "request" ? 0 : 1));
        foreach (var span in spans.All)
        {
            var row = Assert.Single(TelemetryPage.Spans, row => row[0] == $"`{span.OperationName}`");
            Assert.Contains(KindOf(span), row[1].Split(" or "));
            Assert.Empty(span.TagObjects.Select(static tag => tag.Key).Except(TelemetryPage.Names(row[2])));
        }

        var request = spans.Of("request").SelectMany(static span => span.TagObjects).Select(static tag => tag.Key).Distinct();
        Assert.Equal(TelemetryPage.Names(TelemetryPage.Spans[0][2]).Order(), request.Order());
    }

    private static string KindOf(Activity span) => span.Kind.ToString().ToLowerInvariant();

    private static async Task SendAsync(GuardedApp app, string body, string? traceparent = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/digits/infer") { Content = new StringContent(body) };
        if (traceparent is not null)
        {
            request.Headers.Add("traceparent", traceparent);
        }

        using var answer = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
