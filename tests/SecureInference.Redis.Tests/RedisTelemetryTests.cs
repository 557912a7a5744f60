using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace SecureInference.Redis.Tests;

public sealed class RedisTelemetryTests
{
    private const string Missing = "redis-server is not installed.";

    public static bool IsMissing => RedisServer.IsMissing;

    [Fact(Skip = Missing, SkipWhen = nameof(IsMissing))]
    public async Task Metrics_RedisGoesAndComesBack_FollowIt()
    {
        await using var server = await RedisServer.StartAsync();
        await using var node = await Node.StartAsync(server.Address);
        var available = -1;
        var failures = new ConcurrentQueue<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == node.Meters && instrument.Name.StartsWith("secure_inference.redis.", StringComparison.Ordinal))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => available = value);
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => failures.Enqueue($"{tags[0].Key}={tags[0].Value}"));
        listener.Start();

        listener.RecordObservableInstruments();
        Assert.Equal(1, available);

        server.Kill();
        await Eventually.IsTrueAsync(async () => await node.TakeAsync("alice", Some.Bucket(10)) == SharedOutcome.Local, "Redis is missed");
        listener.RecordObservableInstruments();
        Assert.Equal(0, available);
        Assert.Contains("reason=connection", failures);

        await server.RestartAsync();
        await Eventually.IsTrueAsync(() => node.Link.IsAvailable, "Redis is back");
        listener.RecordObservableInstruments();
        Assert.Equal(1, available);
    }
}
