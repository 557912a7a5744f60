using Microsoft.ML.OnnxRuntime;
using SecureInference.TestSupport.Onnx;

namespace SecureInference.Onnx.Tests;

public sealed class RunFailureTests
{
    public static TheoryData<string, string> IndexOperators { get; } = new()
    {
        { "Gather", "InvalidArgument" },
        { "GatherElements", "Fail" },
        { "GatherND", "InvalidArgument" },
    };

    [Theory]
    [MemberData(nameof(IndexOperators))]
    public void IsRejectedInput_IndexOutOfRange_IsTrueUnderWhateverCode(string operatorName, string code)
    {
        var model = new OnnxModelBuilder()
            .Input("x", OnnxType.Float, 3).Input("index", OnnxType.Int64, 1).Output("y", OnnxType.Float, "n")
            .Node(operatorName, ["x", "index"], ["y"]).Build();

        var failure = Run(model, Tensor.Create<float>("x", [3], [1, 2, 3]), Tensor.Create<long>("index", [1], [99]));

        Assert.Equal(code, RunFailure.CodeOf(failure));
        Assert.True(RunFailure.IsRejectedInput(failure));
    }

    [Fact]
    public void IsRejectedInput_DivisionByZero_IsTrue()
    {
        var model = new OnnxModelBuilder()
            .Input("a", OnnxType.Int32, "n").Input("b", OnnxType.Int32, "n").Output("c", OnnxType.Int32, "n").Node("Div", ["a", "b"], ["c"]).Build();

        var failure = Run(model, Tensor.Create<int>("a", [1], [1]), Tensor.Create<int>("b", [1], [0]));

        Assert.True(RunFailure.IsRejectedInput(failure));
    }

    [Fact]
    public void IsRejectedInput_AnotherExceptionThatSoundsAlike_IsFalse()
    {
        var failure = new InvalidOperationException("[ErrorCode:InvalidArgument] out of bounds");

        Assert.Equal("InvalidOperationException", RunFailure.CodeOf(failure));
        Assert.False(RunFailure.IsRejectedInput(failure));
    }

    private static OnnxRuntimeException Run(byte[] model, params Tensor[] inputs)
    {
        using var harness = new LaneHarness(model);
        using var request = new InferenceRequest(inputs);
        return Assert.Throws<OnnxRuntimeException>(() => harness.Lane.Run(request, 0, CancellationToken.None));
    }
}
