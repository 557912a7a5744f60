using Microsoft.Extensions.Time.Testing;
using SecureInference.Runtime.Batching;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Runtime.Batching;

public sealed class BatchTimingTests
{
    // A run takes a fixed time, and some more for each row.
    [Theory]
    [InlineData(0, 1000, 64, 1, 1)]
    [InlineData(2000, 1000, 64, 16, 4)]
    [InlineData(0, 10, 64, 16, 4)]
    [InlineData(5000, 10, 64, 64, 64)]
    [InlineData(5000, 10, 48, 48, 32)]
    [InlineData(300_000, 1000, 64, 64, 64)]
    [InlineData(0, 200_000, 64, 1, 1)]
    [InlineData(50_000, 6_000, 64, 64, 16)]
    public async Task FindEnoughRows_CostOfARun_StopsWhereMoreRowsHardlyMakeOneCheaper(int fix, int perRow, int maxRows, int enough, int shared)
    {
        var time = new FakeTimeProvider();
        var model = FakeModel.Create(
            [new TensorSpec("x", TensorDataType.Float32, [-1, 2])],
            [new TensorSpec("y", TensorDataType.Float32, [-1, 2])],
            (request, _) =>
            {
                time.Advance(TimeSpan.FromMicroseconds(fix + (perRow * request.Inputs[0].Shape[0])));
                return ValueTask.FromResult(new InferenceResponse(Tensor.Create("y", request.Inputs[0].Shape, request.Inputs[0].GetValues<float>())));
            });

        var found = await new BatchTiming(model, maxRows, time).FindEnoughRowsAsync(TestContext.Current.CancellationToken);

        Assert.Equal((enough, shared), found);
    }

    [Fact]
    public async Task FindEnoughRows_ModelDoesNotRun_HoldsNothingBack()
    {
        var model = FakeModel.Create(
            [new TensorSpec("x", TensorDataType.Float32, [-1])],
            [new TensorSpec("y", TensorDataType.Float32, [-1])],
            static (_, _) => ValueTask.FromResult(new InferenceResponse(InferenceErrors.ModelFailed)));

        Assert.Equal((16, 16), await new BatchTiming(model, 16, new FakeTimeProvider()).FindEnoughRowsAsync(TestContext.Current.CancellationToken));
    }
}
