using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests;

public sealed class RunWatchdogTests
{
    [Fact]
    public async Task Run_LongerThanMaxRunTime_IsEndedAndTheLaneWorksAfterwards()
    {
        // The warm-up is such a run, too, and ended as well.
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Slow(50_000_000, 64), static options => (options.Lanes, options.MaxRunTime) = (1, TimeSpan.FromMilliseconds(200)));
        var before = model.Logs.Count(2007);

        using var response = await model.RunAsync(Some.Floats("x", 1, 64));
        using var second = await model.RunAsync(Some.Floats("x", 1, 64));

        Assert.Equal(InferenceErrorCode.ModelFailed, response.Error?.Code);
        Assert.Equal(InferenceErrorCode.ModelFailed, second.Error?.Code);
        Assert.InRange(before, 1, int.MaxValue);
        Assert.Equal(before + 2, model.Logs.Count(2007));
    }

    [Fact]
    public async Task Run_ShorterThanMaxRunTime_IsLeftAlone()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Slow(10, 16), static options => options.MaxRunTime = TimeSpan.FromMinutes(10));

        using var response = await model.RunAsync(Some.Floats("x", 1, 16));

        Assert.True(response.IsSuccess);
        Assert.Equal(0, model.Logs.Count(2007));
    }
}
