using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SecureInference.Hosting;

namespace SecureInference.Tests.Hosting;

public sealed class DrainServiceTests
{
    private readonly DrainState _drain = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task StoppingAsync_RequestsInFlight_WaitsForThem()
    {
        _drain.TryEnter();

        var stopping = CreateSut().StoppingAsync(TestContext.Current.CancellationToken);
        var isEarly = stopping.IsCompleted;
        _drain.Leave();

        await stopping.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.False(isEarly);
        Assert.True(_drain.IsDraining);
    }

    [Fact]
    public async Task StoppingAsync_RequestThatNeverEnds_WaitsNoLongerThanConfigured()
    {
        _drain.TryEnter();
        var stopping = CreateSut().StoppingAsync(TestContext.Current.CancellationToken);

        _time.Advance(TimeSpan.FromSeconds(20) - TimeSpan.FromMilliseconds(1));
        var isEarly = stopping.IsCompleted;
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await stopping.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.False(isEarly);
    }

    [Fact]
    public async Task StoppingAsync_HostGivesUp_DoesNotThrow()
    {
        _drain.TryEnter();

        await CreateSut().StoppingAsync(new CancellationToken(canceled: true));

        Assert.True(_drain.IsDraining);
    }

    [Fact]
    public async Task StartingAsync_LifetimeStops_ClosesTheDoorBeforeAnythingElseStops()
    {
        using var lifetime = new FakeLifetime();
        await CreateSut(lifetime).StartingAsync(TestContext.Current.CancellationToken);

        lifetime.StopApplication();

        Assert.True(_drain.IsDraining);
        Assert.True(_drain.Closing.IsCompleted);
    }

    private DrainService CreateSut(FakeLifetime? lifetime = null) => new(_drain, lifetime ?? new FakeLifetime(), Options.Create(new DrainOptions(new SecureInferenceOptions().DrainTimeout)), _time);
}
