using SecureInference.Runtime;
using SecureInference.Runtime.Batching;
using SecureInference.Tests.Abstractions;
using SecureInference.Tests.Pipeline.RateLimiting;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Runtime.Batching;

/// <summary>What the way to a lane's thread and back allocates, apart from what the engine does.</summary>
[Collection(MemoryCollection.Name)]
public sealed class QueueAllocationTests
{
    private const int Requests = 20_000;

    [Fact]
    public async Task RunAsync_HandedToALane_AllocatesNothing()
    {
        await using var sut = new BatchingModelRunner(
            new Engine(), BatchHarness.Plan() with { MaxInlineRun = TimeSpan.Zero }, Some.LoggingPart<RuntimeTelemetry>(new CollectedLog()), TimeProvider.System);
        using var request = BatchHarness.Request(1);
        using var caller = new CancellationTokenSource();
        await RunAsync(sut, request, caller.Token);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        await RunAsync(sut, request, caller.Token);
        var each = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Requests;

        TestContext.Current.TestOutputHelper?.WriteLine($"{each:0.0} bytes a request");
        // What the process does beside may show; one object for each request would be 24 bytes at least.
        Assert.InRange(each, 0, 12);
    }

    private static async Task RunAsync(BatchingModelRunner sut, InferenceRequest request, CancellationToken cancellationToken)
    {
        for (var count = 0; count < Requests; count++)
        {
            using var response = await sut.RunAsync(request, cancellationToken);
        }
    }

    /// <summary>Answers everything with the one answer that it has.</summary>
    private sealed class Engine : IModelEngine
    {
        private readonly InferenceResponse _response = new([]);
        private readonly FakeModel _model = FakeModel.Echo();

        public ModelMetadata Metadata => _model.Metadata;

        public int Lanes => 1;

        public ValueTask<InferenceResponse> RunAsync(InferenceRequest request, CancellationToken cancellationToken = default) => new(_response);

        public ValueTask DisposeAsync() => _model.DisposeAsync();
    }
}
