using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SecureInference.Redis;
using SecureInference.TestSupport;

namespace SecureInference.OpenTelemetry.Tests;

/// <summary>Every instrument that an app with all packages has.</summary>
internal static class EveryInstrument
{
    public static async Task<IReadOnlyList<Instrument>> ReadAsync()
    {
        var instruments = new List<Instrument>();
        await using var app = await GuardedApp.StartAsync(
            static guards => guards.Services.AddSingleton<IModelLoader>(FakeModel.Echo()), settings: new Dictionary<string, string?> { ["Models:digits:Path"] = "d" });
        var meters = app.Services.GetRequiredService<IMeterFactory>();
        new RedisTelemetry(NullLoggerFactory.Instance, meters).Observe(static () => true);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Meter.Name == SecureInferenceDefaults.TelemetryName)
                {
                    instruments.Add(instrument);
                }
            },
        };
        listener.Start();
        return instruments;
    }
}
