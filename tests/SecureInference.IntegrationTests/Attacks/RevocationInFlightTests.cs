using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.IntegrationTests.Keys;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Attacks;

/// <summary>A key that is revoked ends the requests that are on their way with it.</summary>
public sealed class RevocationInFlightTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Infer_KeyIsRevokedWhileTheBodyComes_Returns403AndDoesNotRun()
    {
        var model = FakeModel.Echo();
        await using var app = await EchoApp.StartAsync(model);
        using var client = await RawClient.ConnectAsync(app.Address, Cancelled);
        await client.SendAsync(
            $"POST {EchoApp.InferPath} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nx-api-key: {app.Key}\r\nContent-Length: {EchoApp.Body.Length}\r\n\r\n{EchoApp.Body[..20]}", Cancelled);

        await EchoApp.UntilAsync(() => Task.FromResult(app.Services.GetRequiredService<DrainState>().InFlight == 1), Cancelled);
        await RevokeAllAsync(app);
        await client.SendAsync(EchoApp.Body[20..], Cancelled);
        var answer = await client.ReadToEndAsync(Cancelled);

        Assert.Equal([403], RawClient.Statuses(answer));
        Assert.Equal(0, model.Runs);
    }

    [Fact]
    public async Task Infer_KeyIsRevokedWhileTheModelRuns_Returns403()
    {
        var gate = new TaskCompletionSource();
        var model = FakeModel.Gated(gate.Task);
        await using var app = await EchoApp.StartAsync(model);
        using var content = new StringContent(EchoApp.Body, Encoding.UTF8, "application/json");
        var pending = app.Client.PostAsync(EchoApp.InferPath, content, Cancelled);
        await EchoApp.UntilAsync(() => Task.FromResult(model.Runs == 1), Cancelled);

        await RevokeAllAsync(app);
        gate.SetResult();
        using var answer = await pending;

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.DoesNotContain("outputs", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        var records = await app.StopAndReadAuditAsync();
        Assert.Contains(records, static record => record.TryGetProperty("rule", out var rule) && rule.ValueEquals("key_revoked"));
    }

    [Fact]
    public async Task Infer_BodyThatTakesTooLong_Returns408AndCloses()
    {
        var model = FakeModel.Echo();
        await using var app = await EchoApp.StartAsync(model, settings: new Dictionary<string, string?> { ["Protocol:BodyTimeout"] = "00:00:00.2" });

        var answer = await RawClient.ExchangeAsync(
            app.Address, $"POST {EchoApp.InferPath} HTTP/1.1\r\nHost: x\r\nx-api-key: {app.Key}\r\nContent-Length: {EchoApp.Body.Length}\r\n\r\n{EchoApp.Body[..20]}", Cancelled);

        Assert.Equal([408], RawClient.Statuses(answer));
        Assert.Equal("The body came too slowly.", JsonDocument.Parse(answer[answer.IndexOf('{', StringComparison.Ordinal)..]).RootElement.GetProperty("error").GetString());
        Assert.Equal(0, model.Runs);
    }

    private static async Task RevokeAllAsync(GuardedApp app)
    {
        new KeyStoreEditor(app.StorePath).Change(static file => file with { Keys = [.. file.Keys.Select(static row => row with { Revoked = row.Created })] });
        await EchoApp.UntilAsync(
            async () =>
            {
                using var answer = await app.Client.GetAsync("/v2", Cancelled);
                return answer.StatusCode == HttpStatusCode.Forbidden;
            },
            Cancelled);
    }
}
