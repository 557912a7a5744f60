using SecureInference.Pipeline.Validation;

namespace SecureInference.Tests.Pipeline.Validation;

public sealed class SymbolTests
{
    private static readonly ModelLimits Limits = new(8, 1000, 64, AllowNonFinite: false);

    [Theory]
    [InlineData(3, 5, 3, 5, true)]
    [InlineData(3, 5, 3, 7, true)]
    [InlineData(3, 5, 4, 5, false)]
    [InlineData(1, 5, 4, 5, false)]
    public void Check_TwoInputsOfOneBatch_MustAgree(int rows, int columns, int otherRows, int otherColumns, bool expected)
    {
        var model = SomeModel.Of(
            Limits,
            new TensorSpec("a", TensorDataType.UInt8, [-1, -1], ["batch", "width"]),
            new TensorSpec("b", TensorDataType.UInt8, [-1, -1], ["batch", "height"]));

        var error = Check(model, Zeros("a", rows, columns), Zeros("b", otherRows, otherColumns));

        Assert.Equal(expected, error is null);
        Assert.Equal(expected ? null : $"inputs 'a' and 'b' must have the same 'batch': {rows} and {otherRows}", error?.Detail);
    }

    [Fact]
    public void Check_SymbolOnDifferentAxes_MustAgree()
    {
        var model = SomeModel.Of(
            Limits,
            new TensorSpec("a", TensorDataType.UInt8, [-1, -1], [null, "N"]),
            new TensorSpec("b", TensorDataType.UInt8, [-1, -1], ["N", null]));

        Assert.Null(Check(model, Zeros("a", 2, 5), Zeros("b", 5, 3)));
        Assert.NotNull(Check(model, Zeros("a", 2, 5), Zeros("b", 3, 5)));
    }

    [Fact]
    public void Check_SymbolTwiceInOneInput_MustAgree()
    {
        var model = SomeModel.Of(Limits, new TensorSpec("a", TensorDataType.UInt8, [-1, -1], ["N", "N"]));

        Assert.Null(Check(model, Zeros("a", 3, 3)));
        Assert.NotNull(Check(model, Zeros("a", 3, 4)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Check_DimensionsWithoutAName_NeedNotAgree(string? symbol)
    {
        var model = SomeModel.Of(
            Limits,
            new TensorSpec("a", TensorDataType.UInt8, [-1], [symbol]),
            new TensorSpec("b", TensorDataType.UInt8, [-1], [symbol]));

        Assert.Null(Check(model, Tensor.Create<byte>("a", [2], new byte[2]), Tensor.Create<byte>("b", [3], new byte[3])));
    }

    private static Tensor Zeros(string name, int rows, int columns) => Tensor.Create<byte>(name, [rows, columns], new byte[rows * columns]);

    private static InferenceError? Check(ModelMetadata model, params Tensor[] inputs) => SignatureValidator.Check(model, new InferenceRequest(inputs));
}
