using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests;

public sealed class LaneTests
{
    [Fact]
    public void Run_Rows1To32_AnswersBitForBitAsAPlainSession()
    {
        using var harness = new LaneHarness(OnnxModels.Mlp(24, 32, 10));

        for (var rows = 1; rows <= 32; rows++)
        {
            var input = Some.Floats("x", rows, 24, seed: rows);
            using var response = harness.Lane.Run(new InferenceRequest(input), rows, CancellationToken.None);

            Assert.Equal([rows, 10], response.Outputs[0].Shape.ToArray());
            Assert.Equal(RunPlainly(harness.Session, input), response.Outputs[0].Data.ToArray());
        }

        Assert.Equal(0, harness.GivenUp);
    }

    [Fact]
    public void Run_MoreRowCountsThanBindingsAreKept_StillAnswersEach()
    {
        using var harness = new LaneHarness(OnnxModels.Identity(OnnxType.Float, "batch", 2), maxRows: 200);
        int[] sizes = [.. Enumerable.Range(1, 200), .. Enumerable.Range(1, 200).Reverse()];

        Assert.All(sizes, rows =>
        {
            var input = Some.Floats("X", rows, 2, seed: rows);
            using var response = harness.Lane.Run(new InferenceRequest(input), rows, CancellationToken.None);
            Assert.Equal(input.Data.ToArray(), response.Outputs[0].Data.ToArray());
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public void Run_BoundBefore_AllocatesNothingButTheAnswer(int rows)
    {
        const int Runs = 500;
        using var harness = new LaneHarness(OnnxModels.Mlp(16, 16, 4));
        using var request = new InferenceRequest(Some.Floats("x", rows, 16));
        RunMany(harness.Lane, request, rows, Runs);

        var before = GC.GetAllocatedBytesForCurrentThread();
        RunMany(harness.Lane, request, rows, Runs);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(AnswerBytes(), allocated / Runs);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    public void Run_EndedWellOrBadly_LeavesNoPayloadInTheLane(long index)
    {
        using var harness = new LaneHarness(OnnxModels.Gather());
        using var request = new InferenceRequest(Tensor.Create<long>("index", [2], [9, index]));
        harness.Lane.Bound?.Memory.Slice(0, harness.Layout?.Bytes ?? 0).Clear();

        var failure = Record.Exception(() => harness.Lane.Run(request, 2, CancellationToken.None).Dispose());

        Assert.Equal(index == 10, failure is not null);
        Assert.False(harness.Lane.Bound?.Memory.Slice(0, harness.Layout?.Bytes ?? 0).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Run_BadIndex_FailsAndTheNextRunIsRight()
    {
        using var harness = new LaneHarness(OnnxModels.Gather());
        using var bad = new InferenceRequest(Tensor.Create<long>("index", [2], [3, 10]));
        using var good = new InferenceRequest(Tensor.Create<long>("index", [2], [3, 9]));

        var failure = Assert.Throws<OnnxRuntimeException>(() => harness.Lane.Run(bad, 2, CancellationToken.None));
        using var response = harness.Lane.Run(good, 2, CancellationToken.None);

        Assert.True(RunFailure.IsRejectedInput(failure));
        Assert.Equal([12, 13, 14, 15, 36, 37, 38, 39], response.Outputs[0].GetValues<float>().ToArray());
        Assert.Equal(0, harness.GivenUp);
    }

    [Fact]
    public void Run_OutputShapeHangsOnValues_AnswersAndGivesUpBinding()
    {
        using var harness = new LaneHarness(UniqueOf("batch"));
        Assert.NotNull(harness.Layout);
        harness.Plan.Learn(harness.Layout, RunEstimate.Unknown);
        using var request = new InferenceRequest(Tensor.Create<long>("x", [3], [5, 7, 5]));

        using var response = harness.Lane.Run(request, 3, CancellationToken.None);

        Assert.Equal([5, 7], response.Outputs[0].GetValues<long>().ToArray());
        Assert.Equal(1, harness.GivenUp);
        Assert.Equal(0, harness.Plan.GetBoundRows(request));
    }

    [Fact]
    public void WarmUp_RowsOfFixedSize_AllowsBinding()
    {
        using var harness = new LaneHarness(OnnxModels.AddSub());
        using var request = SampleRequest.Create(harness.Metadata, 3);

        harness.WarmUp();

        Assert.Equal(3, harness.Plan.GetBoundRows(request));
        Assert.Equal(0, harness.GivenUp);
    }

    [Fact]
    public void WarmUp_OutputIsTheInputItself_ForbidsBinding()
    {
        // ONNX Runtime leaves the memory bound to such an output as it was.
        var model = new OnnxModelBuilder().Input("x", OnnxType.Float, "batch", 2).Output("x", OnnxType.Float, "batch", 2).Build();
        using var harness = new LaneHarness(model);
        using var request = SampleRequest.Create(harness.Metadata, 3);

        harness.WarmUp();

        Assert.Equal(0, harness.Plan.GetBoundRows(request));
        Assert.Equal(1, harness.GivenUp);
    }

    [Fact]
    public void WarmUp_RowsOfOutputsAreNotThoseOfInputs_ForbidsBinding()
    {
        using var harness = new LaneHarness(UniqueOf("unique"));
        using var request = SampleRequest.Create(harness.Metadata, 2);

        harness.WarmUp();

        Assert.Equal(0, harness.Plan.GetBoundRows(request));
    }

    [Fact]
    public async Task Terminate_CallbackAroundTheEndOfARun_DoesNotReachTheNextRun()
    {
        using var harness = new LaneHarness(OnnxModels.Slow(20, 16));
        using var request = new InferenceRequest(Some.Floats("x", 1, 16));
        using var start = new Barrier(2);

        for (var round = 0; round < 2000; round++)
        {
            using var cancellation = new CancellationTokenSource();
            var cancelling = Task.Run(() => CancelSoon(cancellation, start, round), TestContext.Current.CancellationToken);
            start.SignalAndWait(TestContext.Current.CancellationToken);
            try
            {
                harness.Lane.Run(request, 1, cancellation.Token).Dispose();
            }
            catch (OperationCanceledException)
            {
                // Either end is right; the next run must not notice.
            }

            harness.Lane.Run(request, 1, CancellationToken.None).Dispose();
            await cancelling;
        }
    }

    private static byte[] UniqueOf(string outputRows) => new OnnxModelBuilder()
        .Input("x", OnnxType.Int64, "batch").Output("y", OnnxType.Int64, outputRows)
        .Node("Unique", ["x"], ["y"], OnnxAttribute.Int("sorted", 1)).Build();

    private static byte[] RunPlainly(InferenceSession session, Tensor input)
    {
        using var options = new RunOptions();
        using var value = OrtValue.CreateTensorValueFromMemory(input.GetValues<float>().ToArray(), input.Shape.ToArray());
        using var outputs = session.Run(options, [input.Name], [value], session.OutputNames);
        return MemoryMarshal.AsBytes(outputs[0].GetTensorDataAsSpan<float>()).ToArray();
    }

    // Now at the run's beginning, now after its end, and often in between.
    private static void CancelSoon(CancellationTokenSource cancellation, Barrier start, int round)
    {
        start.SignalAndWait(TestContext.Current.CancellationToken);
        Thread.SpinWait(round % 200 * 10);
        cancellation.Cancel();
    }

    private static void RunMany(Lane lane, InferenceRequest request, int rows, int runs)
    {
        for (var run = 0; run < runs; run++)
        {
            lane.Run(request, rows, CancellationToken.None).Dispose();
        }
    }

    // The answer itself, the list of its outputs, and one output, whose shape and memory are shared or rented.
    // As the lane makes one for a request that brings none to be filled.
    private static long AnswerBytes()
    {
        long[] shape = [1];
        using (var first = new InferenceResponse())
        {
            first.Add("y", TensorDataType.Float32, shape, sizeof(float));
        }

        var start = GC.GetAllocatedBytesForCurrentThread();
        using var response = new InferenceResponse();
        response.Add("y", TensorDataType.Float32, shape, sizeof(float));
        return GC.GetAllocatedBytesForCurrentThread() - start;
    }
}
