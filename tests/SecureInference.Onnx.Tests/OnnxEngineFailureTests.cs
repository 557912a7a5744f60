using Microsoft.Extensions.Time.Testing;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests;

public sealed class OnnxEngineFailureTests
{
    [Fact]
    public async Task Run_BadIndex_RejectsTheInputAndLogsNoValue()
    {
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Gather());

        using var response = await model.RunAsync(Tensor.Create<long>("index", [1], [4711]));
        using var next = await model.RunAsync(Tensor.Create<long>("index", [1], [2]));

        Assert.Equal(InferenceErrorCode.ModelRejectedInput, response.Error?.Code);
        Assert.Equal(1, model.Logs.Count(2004));
        Assert.DoesNotContain(model.Logs.Texts, text => text.Contains("4711", StringComparison.Ordinal));
        Assert.Equal([8, 9, 10, 11], next.Outputs[0].GetValues<float>().ToArray());
    }

    [Fact]
    public async Task Run_ShapesThatDoNotGoTogether_RejectsTheInput()
    {
        var add = new OnnxModelBuilder()
            .Input("a", OnnxType.Float, "n").Input("b", OnnxType.Float, "m").Output("c", OnnxType.Float, "k").Node("Add", ["a", "b"], ["c"]).Build();
        await using var model = await LoadedModel.LoadAsync(add);

        using var response = await model.RunAsync(Tensor.Create<float>("a", [2], [1, 2]), Tensor.Create<float>("b", [3], [1, 2, 3]));

        Assert.Equal(InferenceErrorCode.ModelRejectedInput, response.Error?.Code);
    }

    [Fact]
    public async Task Run_ModelFails_SaysSo()
    {
        // Expanding to 2^40 elements takes more memory than there is.
        var expand = new OnnxModelBuilder()
            .Input("x", OnnxType.Float, 1).Input("shape", OnnxType.Int64, 2).Output("y", OnnxType.Float, "a", "b").Node("Expand", ["x", "shape"], ["y"]).Build();
        await using var model = await LoadedModel.LoadAsync(expand, static options => options.Admission.DisabledRules = ["ONNX-H2"]);

        using var response = await model.RunAsync(Tensor.Create<float>("x", [1], [1]), Tensor.Create<long>("shape", [2], [1L << 30, 1L << 30]));

        Assert.Equal(InferenceErrorCode.ModelFailed, response.Error?.Code);
        Assert.Equal(1, model.Logs.Count(2005));
    }

    [Fact]
    public async Task Run_FailingOverAndOver_LogsOnceASecondAndCountsTheRest()
    {
        var time = new FakeTimeProvider();
        await using var model = await LoadedModel.LoadAsync(OnnxModels.Gather(), time: time);

        for (var run = 0; run < 10; run++)
        {
            using var response = await model.RunAsync(Tensor.Create<long>("index", [1], [99]));
        }

        time.Advance(TimeSpan.FromSeconds(1));
        using var last = await model.RunAsync(Tensor.Create<long>("index", [1], [99]));

        Assert.Equal(2, model.Logs.Count(2004));
        Assert.Contains(model.Logs.Texts, text => text.Contains("; 9 such events", StringComparison.Ordinal));
    }
}
