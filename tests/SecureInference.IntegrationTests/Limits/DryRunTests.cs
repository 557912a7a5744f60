using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace SecureInference.IntegrationTests.Limits;

/// <summary>Limits that are only tried out.</summary>
public sealed class DryRunTests : IDisposable
{
    private const string Refused = "secure_inference.rate_limiting.refused";
    private const string DryRunRefused = "secure_inference.rate_limiting.dry_run.refused";

    private readonly MeterListener _listener = new();
    private long _wouldRefuse;
    private long _refused;

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task DryRun_OverEveryLimit_PassesAndIsRecordedAndCounted()
    {
        await using var app = await LimitedApp.StartAsync(new()
        {
            ["DryRun"] = "true",
            ["Cost"] = "Rows",
            ["Default:TokenLimit"] = "10",
            ["Default:TokensPerPeriod"] = "1",
        });
        Listen(app.App.Services.GetRequiredService<IMeterFactory>());

        // The second is short once its rows are known, the fourth before; the last costs more than the bucket ever holds.
        foreach (var rows in (int[])[8, 8, 1, 1, 20])
        {
            Assert.Equal(HttpStatusCode.OK, (await app.PostAsync(LimitedApp.Rows(rows))).Answer.StatusCode);
        }

        var records = await app.App.StopAndReadAuditAsync();
        var outcomes = records.Where(static record => record.GetProperty("kind").GetString() == "outcome").ToArray();
        Assert.Equal(
            [null, "rate_limited", null, "rate_limited", "rate_limited"],
            outcomes.Select(static record => record.TryGetProperty("wouldRefuse", out var rule) ? rule.GetString() : null));
        Assert.All(outcomes, static record => Assert.Equal(200, record.GetProperty("status").GetInt32()));
        Assert.All(outcomes, static record => Assert.False(record.TryGetProperty("rule", out _)));
        Assert.Equal((4, 0), (_wouldRefuse, _refused));
    }

    private void Listen(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name is Refused or DryRunRefused)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, count, _, _) =>
            Interlocked.Add(ref instrument.Name == DryRunRefused ? ref _wouldRefuse : ref _refused, count));
        _listener.Start();
    }
}
