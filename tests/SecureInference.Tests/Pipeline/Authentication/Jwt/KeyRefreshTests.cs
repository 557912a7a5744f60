using System.Diagnostics.Metrics;

namespace SecureInference.Tests.Pipeline.Authentication.Jwt;

/// <summary>Keys are fetched again as time goes by, whether tokens ask for it or not.</summary>
public sealed class KeyRefreshTests
{
    [Fact]
    public async Task Refresh_SameKeysAgain_AreTheSameObject()
    {
        await using var harness = await TokenHarness.StartAsync();
        var before = harness.Issuers.Find(harness.Issuer.Name)?.CurrentKeys;

        await UntilAsync(harness, () => harness.Issuer.Fetches > 1, TimeSpan.FromMinutes(1));
        await UntilAsync(() => harness.Issuers.FindDegradation() is null);

        Assert.NotNull(before);
        Assert.Same(before, harness.Issuers.Find(harness.Issuer.Name)?.CurrentKeys);
    }

    [Fact]
    public async Task Refresh_OfItself_TakesNoLongerThanTenMinutes()
    {
        await using var harness = await TokenHarness.StartAsync();

        for (var minute = 0; minute < 9; minute++)
        {
            harness.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(1, harness.Issuer.Fetches);
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync(() => harness.Issuer.Fetches == 2);
    }

    [Fact]
    public async Task Age_OfEachIssuersKeys_IsMeasured()
    {
        await using var harness = await TokenHarness.StartAsync(arrange: static issuer => issuer.IsDown = true);
        using var listener = new MeterListener();
        var ages = new Dictionary<string, double>();
        listener.SetMeasurementEventCallback<double>((_, age, tags, _) => ages[$"{tags[0].Value}"] = age);
        listener.EnableMeasurementEvents(Assert.Single(Instruments(harness, "secure_inference.authentication.source_age")));

        harness.Time.Advance(TimeSpan.FromSeconds(3));
        listener.RecordObservableInstruments();

        Assert.Equal(3, ages["keys of https://issuer.test"]);
        Assert.Equal(3, ages["keys of https://other.test"]);
    }

    [Fact]
    public async Task Fetch_DocumentNamesAnotherIssuer_IsRefusedWithAHint()
    {
        await using var harness = await TokenHarness.StartAsync(arrange: static issuer => issuer.SaysItIs = "https://stranger.test");

        Assert.Equal("credentials_unavailable", await harness.ReasonAsync(harness.Issuer.Token()));
        Assert.Contains(harness.Log.Entries, static entry => entry.EventId == 1221 && entry.Message.Contains("says that the issuer is called 'https://stranger.test'", StringComparison.Ordinal));
    }

    private static List<Instrument> Instruments(TokenHarness harness, string name)
    {
        var scope = harness.Get<IMeterFactory>();
        var found = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Name == name && instrument.Meter.Scope == scope)
                {
                    found.Add(instrument);
                }
            },
        };
        listener.Start();
        return found;
    }

    private static async Task UntilAsync(TokenHarness harness, Func<bool> condition, TimeSpan? step = null)
    {
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            harness.Time.Advance(step ?? TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
