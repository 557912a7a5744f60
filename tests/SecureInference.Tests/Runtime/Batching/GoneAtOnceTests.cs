using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using SecureInference.Runtime;
using SecureInference.Runtime.Batching;
using SecureInference.Tests.Abstractions;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Runtime.Batching;

/// <summary>Callers who go just before their request would wait.</summary>
public sealed class GoneAtOnceTests
{
    private const string Name = "gone-at-once";

    [Fact]
    public async Task RunAsync_CallerGoesOnTheWayToTheQueue_IsNoRefusal()
    {
        using var gone = new CancellationTokenSource();
        await using var engine = new Engine(gone, (await FakeModel.Echo().LoadAsync(Name, new ModelOptions(), TestContext.Current.CancellationToken)).Metadata);
        await using var sut = new BatchingModelRunner(engine, BatchHarness.Plan(), Some.LoggingPart<RuntimeTelemetry>(new CollectedLog()), new FakeTimeProvider());
        using var request = BatchHarness.Request(1);
        var refused = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "secure_inference.runtime.refused")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => refused += tags[0].Value as string == Name ? 1 : 0);
        listener.Start();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await sut.RunAsync(request, gone.Token));

        Assert.Equal(0, refused);
        Assert.Equal((0, 0), (engine.Runs, sut.Line.Requests.Rented));
    }

    /// <summary>Its caller goes when it is asked how long the run would take.</summary>
    private sealed class Engine(CancellationTokenSource gone, ModelMetadata metadata) : IModelEngine
    {
        public int Runs { get; private set; }

        public ModelMetadata Metadata => metadata;

        public int Lanes => 1;

        public TimeSpan? EstimateRun(InferenceRequest request)
        {
            gone.Cancel();
            return null;
        }

        public ValueTask<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default)
        {
            Runs++;
            return default;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
