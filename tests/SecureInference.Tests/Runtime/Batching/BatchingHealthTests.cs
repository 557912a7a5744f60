using Microsoft.Extensions.Time.Testing;
using SecureInference.Runtime;
using SecureInference.Runtime.Batching;
using SecureInference.Tests.Abstractions;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Runtime.Batching;

/// <summary>A model that fails whatever it is asked is not ready, whichever way its runs go.</summary>
public sealed class BatchingHealthTests : IDisposable
{
    private const int Unready = 1314;
    private const int Threw = 1310;

    private readonly CollectedLog _log = new();

    public void Dispose() => _log.Dispose();

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task FindUnready_EachRunFails_IsUnreadyUntilOneDoesNot(bool isShort, bool isLate)
    {
        var engine = new Engine(isShort, isLate) { Error = InferenceErrors.ModelFailed };
        await using var sut = CreateSut(engine);

        await RunAsync(sut, FailureStreak.Most - 1);
        Assert.Null(sut.FindUnready());
        await RunAsync(sut, 2);
        Assert.Equal(InferenceErrorCode.ModelUnavailable, sut.FindUnready()?.Code);
        Assert.Single(_log.Entries, static entry => entry.EventId == Unready);
        engine.Error = null;
        await RunAsync(sut, 1);

        Assert.Null(sut.FindUnready());
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task FindUnready_EngineThrows_CountsAsAFailure(bool isShort, bool isLate)
    {
        await using var sut = CreateSut(new Engine(isShort, isLate) { IsThrowing = true });

        await RunAsync(sut, FailureStreak.Most);

        Assert.NotNull(sut.FindUnready());
        Assert.Equal(FailureStreak.Most, _log.Entries.Count(static entry => entry.EventId == Threw));
        Assert.True(sut.IsIdle);
    }

    // It is announced itself, and no company for itself: alone, it needs no lane's thread.
    [Fact]
    public async Task RunAsync_AnnouncedAndAlone_KeepsItsThread()
    {
        await using var sut = CreateSut(new Engine(isShort: true, isLate: false) { Thread = Environment.CurrentManagedThreadId });
        sut.Announce();
        using var request = new InferenceRequest(BatchHarness.Request(1).Inputs) { IsAnnounced = true };

        using var answer = await sut.RunAsync(request, TestContext.Current.CancellationToken);

        Assert.Null(answer.Error);
    }

    [Fact]
    public async Task FindUnready_ModelRefusesTheCallersValues_IsReady()
    {
        await using var sut = CreateSut(new Engine(isShort: true, isLate: false) { Error = InferenceErrors.ModelRejectedInput });

        await RunAsync(sut, FailureStreak.Most * 2);

        Assert.Null(sut.FindUnready());
    }

    private static async Task RunAsync(BatchingModelRunner sut, int times)
    {
        for (var turn = 0; turn < times; turn++)
        {
            using var request = BatchHarness.Request(turn);
            using var response = await sut.RunAsync(request, TestContext.Current.CancellationToken);
        }
    }

    private BatchingModelRunner CreateSut(Engine engine) => new(engine, BatchHarness.Plan(), Some.LoggingPart<RuntimeTelemetry>(_log), new FakeTimeProvider());

    private sealed class Engine(bool isShort, bool isLate) : IModelEngine
    {
        private readonly FakeModel _model = FakeModel.Echo();

        public InferenceError? Error { get; set; }

        public bool IsThrowing { get; init; }

        /// <summary>Gets the thread that it runs on, and no other; 0 for any.</summary>
        public int Thread { get; init; }

        public ModelMetadata Metadata => _model.Metadata;

        public int Lanes => 1;

        public TimeSpan? EstimateRun(InferenceRequest request) => isShort ? LanePool.HandOver * 2 : null;

        public async ValueTask<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default)
        {
            if (Thread != 0 && Thread != Environment.CurrentManagedThreadId)
            {
                return new InferenceResponse(InferenceErrors.Internal);
            }

            if (isLate)
            {
                await Task.Yield();
            }

            return IsThrowing ? throw new InvalidOperationException("bug")
                : Error is { } error ? new InferenceResponse(error)
                : await _model.RunAsync(request, cancellationToken);
        }

        public ValueTask DisposeAsync() => _model.DisposeAsync();
    }
}
