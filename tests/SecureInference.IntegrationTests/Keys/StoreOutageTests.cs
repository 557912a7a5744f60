using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using SecureInference.IntegrationTests.Samples;

namespace SecureInference.IntegrationTests.Keys;

/// <summary>A store that cannot be read: the last good keys work for a while, then nobody's do, and it is said everywhere.</summary>
public sealed class StoreOutageTests
{
    [Fact]
    public async Task Store_CannotBeReadForTooLong_KeysGet503UntilItCan()
    {
        await using var app = await KeyApp.StartAsync(("ApiKeys:MaxStaleness", "00:00:00.500"));
        var good = await File.ReadAllTextAsync(app.StorePath, TestContext.Current.CancellationToken);
        Assert.Equal(200, await KeyApp.AskAsync(app, app.Key));

        File.Delete(app.StorePath);
        await Eventually.IsTrueAsync(async () => await KeyApp.AskAsync(app, app.Key) == 503, "keys are too old to be trusted");

        var refusal = await SendAsync(app, "x-api-key", app.Key);
        Assert.Equal((503, "credentials_unavailable"), (refusal.Status, refusal.Rule));
        Assert.Equal("5", refusal.Header("Retry-After"));
        Assert.Equal(503, (await SendAsync(app, "Authorization", "Bearer " + app.Key)).Status);
        Assert.Equal(503, (await SendAsync(app, "x-api-key", "x")).Status);
        var missing = await SendAsync(app, "x-other", "x");
        Assert.Equal((401, "credential_missing"), (missing.Status, missing.Rule));
        Assert.Contains(app.Services.GetServices<IReadinessCheck>(), static check => check.Find()?.Code == InferenceErrorCode.CredentialsUnavailable);
        Assert.Single(app.Log.Entries, static entry => entry.EventId == 1201);
        Assert.InRange(Age(app), 0.5, 3600);

        await File.WriteAllTextAsync(app.StorePath, good, TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(async () => await KeyApp.AskAsync(app, app.Key) == 200, "the store is read again");
        Assert.All(app.Services.GetServices<IReadinessCheck>(), static check => Assert.Null(check.Find()));
        Assert.Contains(app.Log.Entries, static entry => entry.EventId == 1202);
    }

    [Fact]
    public async Task Store_CannotBeReadForAWhile_KeysWorkAndReadinessSaysSo()
    {
        await using var app = await KeyApp.StartAsync();

        File.Delete(app.StorePath);
        await Eventually.IsTrueAsync(
            () => app.Services.GetServices<IReadinessCheck>().Any(static check => check.Degraded() is not null), "the missing store is noticed");

        Assert.Equal(200, await KeyApp.AskAsync(app, app.Key));
        Assert.All(app.Services.GetServices<IReadinessCheck>(), static check => Assert.Null(check.Find()));
    }

    private static double Age(TestSupport.GuardedApp app)
    {
        var ages = new List<double>();
        var meters = app.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Name == "secure_inference.authentication.source_age")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, age, tags, _) => ages.Add(tags[0].Value is "key store" ? age : 0));
        listener.Start();
        listener.RecordObservableInstruments();
        return ages.Max();
    }

    private static Task<Refusal> SendAsync(TestSupport.GuardedApp app, string header, string value)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/v2");
        request.Headers.TryAddWithoutValidation(header, value);
        return Refusal.SendAsync(app.Stranger, request);
    }
}
