using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace SecureInference.TestSupport;

/// <summary>Keeps what an app measures.</summary>
public sealed class CollectedMetrics : IDisposable
{
    private readonly ConcurrentQueue<(string Name, double Value, string Tags)> _measurements = new();
    private readonly MeterListener _listener = new();

    public CollectedMetrics(IServiceProvider services)
    {
        var meters = services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Meter.Name == SecureInferenceDefaults.TelemetryName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Every measurement: the tags are in the order of their names, as "a=1 b=2".</summary>
    public IReadOnlyCollection<(string Name, double Value, string Tags)> All => _measurements;

    /// <summary>The measurements of one instrument; the prefix of all names is left out.</summary>
    public IReadOnlyList<(double Value, string Tags)> Of(string name) =>
        [.. _measurements.Where(one => one.Name == "secure_inference." + name).Select(static one => (one.Value, one.Tags))];

    /// <summary>Looks once at what is not measured by itself.</summary>
    public CollectedMetrics Look()
    {
        _listener.RecordObservableInstruments();
        return this;
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measurements.Enqueue((instrument.Name, value, string.Join(' ', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal))));
}
