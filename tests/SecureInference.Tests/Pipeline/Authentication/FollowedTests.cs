using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.Authentication;
using SecureInference.Tests.Abstractions;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication;

public sealed class FollowedTests : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxStaleness = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider _time = new();
    private readonly CollectedLog _log = new();
    private readonly Followed<string> _sut;
    private Func<CancellationToken, ValueTask<string?>> _read = static _ => ValueTask.FromResult<string?>("first");
    private int _readings;

    public FollowedTests() => _sut = new Followed<string>(
        "list", ReadAsync, PollInterval, MaxStaleness, Some.LoggingPart<AuthenticationTelemetry>(_log), _time);

    public void Dispose() => _sut.Dispose();

    [Fact]
    public void TryGet_NotStarted_IsFalseAndReady()
    {
        Assert.False(_sut.TryGet(out _));
        Assert.Null(_sut.Find());
    }

    [Fact]
    public async Task Start_FirstReadingFails_Throws()
    {
        Fail("no disk");

        await Assert.ThrowsAsync<IOException>(() => _sut.StartAsync(TestContext.Current.CancellationToken));
        Assert.False(_sut.TryGet(out _));
    }

    [Fact]
    public async Task Poll_Changed_IsInForceAndSaidOnce()
    {
        await StartAsync();
        Return("second");
        Advance();
        Return(null);
        Advance();

        Assert.Equal("second", Current());
        Assert.Equal(1200, Assert.Single(_log.Entries).EventId);
        Assert.Equal(3, _readings);
    }

    [Fact]
    public async Task Poll_Fails_KeepsTheLastGoodAndSaysSoOnceForEachProblem()
    {
        await StartAsync();
        Fail("no disk");
        Advance();
        Advance();

        Assert.Equal("first", Current());
        Assert.Null(_sut.Find());
        Assert.Contains("list cannot be read", _sut.Degraded(), StringComparison.Ordinal);
        Assert.Equal([1201], Events());
        Fail("no network");
        Advance();
        Advance();
        Assert.Equal([1201, 1201], Events());
    }

    [Fact]
    public async Task Poll_FailsForTooLong_NothingIsDecidedByItAnyMore()
    {
        await StartAsync();
        Fail("no disk");

        _time.Advance(MaxStaleness - TimeSpan.FromTicks(1));
        Assert.True(_sut.TryGet(out _));
        Assert.Null(_sut.Find());
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.False(_sut.TryGet(out _));
        Assert.Equal(503, _sut.Find()?.Status);
        Assert.Equal(InferenceErrorCode.CredentialsUnavailable, _sut.Find()?.Code);
    }

    [Fact]
    public async Task Poll_WorksAgain_RecoversWithWhatIsThere()
    {
        await StartAsync();
        Fail("no disk");
        _time.Advance(MaxStaleness);
        Return("second");
        Advance();

        Assert.Equal("second", Current());
        Assert.Null(_sut.Find());
        Assert.Null(_sut.Degraded());
        Assert.Equal([1201, 1200, 1202], Events());
    }

    [Fact]
    public async Task Poll_WorksAgainUnchanged_Recovers()
    {
        await StartAsync();
        Fail("no disk");
        _time.Advance(MaxStaleness);
        Return(null);
        Advance();

        Assert.Equal("first", Current());
        Assert.Equal([1201, 1202], Events());
    }

    [Fact]
    public async Task Poll_ReadingHangs_IsNotOvertakenAndFailsAfterItsTime()
    {
        await StartAsync();
        _read = static async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return "never";
        };
        for (var second = 0; second < 20; second++)
        {
            Advance();
        }

        Assert.Equal(2, _readings);
        Assert.True(_sut.IsReading);
        Assert.Empty(_log.Entries);
        Return("second");
        for (var second = 0; second < 15; second++)
        {
            Advance();
        }

        await IdleAsync();
        Assert.Equal("second", Current());
        Assert.Equal(1201, Events()[0]);
    }

    [Fact]
    public async Task Poll_ReadingHangsWhateverItIsTold_GrowsTooOld()
    {
        await StartAsync();
        var hanging = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _read = _ => new ValueTask<string?>(hanging.Task);

        _time.Advance(MaxStaleness);

        Assert.False(_sut.TryGet(out _));
        Assert.Equal(503, _sut.Find()?.Status);
        Return("third");
        hanging.SetResult("second");
        await IdleAsync();
        Assert.Equal("third", Current());
    }

    [Fact]
    public async Task Poll_ManyAtOnce_NeverOverlapAndNoneIsForgotten()
    {
        await StartAsync();
        var (inside, most) = (0, 0);
        var latest = "first";
        _read = async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            var read = Volatile.Read(ref latest);
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            return read;
        };

        Parallel.For(0, 1000, number =>
        {
            Volatile.Write(ref latest, $"{number}");
            _sut.Poll();
        });
        var last = Volatile.Read(ref latest);
        await IdleAsync();

        Assert.Equal(1, most);
        Assert.Equal(last, Current());
    }

    [Fact]
    public async Task SourceAge_WhileItCannotBeRead_Grows()
    {
        var services = new ServiceCollection().AddMetrics().AddLogging().BuildServiceProvider();
        var telemetry = ActivatorUtilities.CreateInstance<AuthenticationTelemetry>(services);
        using var sut = new Followed<string>("list", ReadAsync, PollInterval, MaxStaleness, telemetry, _time);
        await sut.StartAsync(TestContext.Current.CancellationToken);
        Fail("no disk");

        _time.Advance(TimeSpan.FromSeconds(42));

        Assert.Equal([("list", 42d)], Ages(services.GetRequiredService<IMeterFactory>()));
        await services.DisposeAsync();
    }

    private static List<(string? Source, double Age)> Ages(IMeterFactory meters)
    {
        var ages = new List<(string?, double)>();
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
        listener.SetMeasurementEventCallback<double>((_, age, tags, _) => ages.Add((tags[0].Value as string, age)));
        listener.Start();
        listener.RecordObservableInstruments();
        return ages;
    }

    private async Task StartAsync() => await _sut.StartAsync(TestContext.Current.CancellationToken);

    private ValueTask<string?> ReadAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _readings);
        return _read(cancellationToken);
    }

    private void Return(string? value) => _read = _ => ValueTask.FromResult(value);

    private void Fail(string message) => _read = _ => throw new IOException(message);

    private void Advance() => _time.Advance(PollInterval);

    private async Task IdleAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_sut.IsReading)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private string? Current() => _sut.TryGet(out var current) ? current : null;

    private List<int> Events() => [.. _log.Entries.Select(static entry => entry.EventId)];
}
