using SecureInference.Pipeline.Validation;

namespace SecureInference.Tests.Pipeline.Validation;

public sealed class SignatureValidatorTests
{
    private static readonly ModelMetadata Model = ModelOf(
        new TensorSpec("x", TensorDataType.Float32, [-1, 4]),
        new TensorSpec("mask", TensorDataType.Bool, [2]));

    private static readonly ModelMetadata Free = ModelOf(new TensorSpec("x", TensorDataType.UInt8, [-1, -1, -1, -1]));

    [Theory]
    [InlineData(new long[] { 1, 4 })]
    [InlineData(new long[] { 8, 4 })]
    public void CheckHead_ShapeOfTheSignature_Passes(long[] shape) => Assert.Null(CheckHead(Model, TensorDataType.Float32, shape));

    [Theory]
    [InlineData(new long[] { 0, 4 }, "dimension 0 is 0; expected [-1,4]")]
    [InlineData(new long[] { -1, 4 }, "dimension 0 is -1; expected [-1,4]")]
    [InlineData(new long[] { 2, -5 }, "dimension 1 is -5; expected [-1,4]")]
    [InlineData(new long[] { 2, 5 }, "dimension 1 is 5; expected [-1,4]")]
    [InlineData(new long[] { 2, 0 }, "dimension 1 is 0; expected [-1,4]")]
    [InlineData(new long[] { 4 }, "it has 1 dimensions; expected [-1,4]")]
    [InlineData(new long[] { }, "it has 0 dimensions; expected [-1,4]")]
    [InlineData(new long[] { 1, 1, 4 }, "it has 3 dimensions; expected [-1,4]")]
    [InlineData(new long[] { 9, 4 }, "batch-size must be <= 8 for 'm': input 'x' has 9 rows")]
    [InlineData(new long[] { long.MaxValue, 4 }, "batch-size must be <= 8")]
    [InlineData(new long[] { long.MinValue, 4 }, "dimension 0 is -9223372036854775808")]
    [InlineData(new long[] { 1, (1L << 62) + 4 }, "dimension 1 is 4611686018427387908")]
    public void CheckHead_OtherShape_NamesTheTensorAndTheRule(long[] shape, string expected)
    {
        var error = CheckHead(Model, TensorDataType.Float32, shape);

        Assert.Equal(InferenceErrorCode.TensorInvalid, error?.Code);
        Assert.Contains(expected, error!.Detail, StringComparison.Ordinal);
        Assert.Contains("'x'", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckHead_EveryOtherType_IsRefused()
    {
        foreach (var type in Enum.GetValues<TensorDataType>())
        {
            Assert.Equal(type == TensorDataType.Float32, CheckHead(Model, type, [1, 4]) is null);
        }
    }

    [Theory]
    [InlineData(new long[] { 1, 10, 10, 10 }, true)]
    [InlineData(new long[] { 1, 1000, 1, 1 }, true)]
    [InlineData(new long[] { 8, 5, 5, 5 }, true)]
    [InlineData(new long[] { 1, 0, 5, 5 }, true)]
    [InlineData(new long[] { 1, 1001, 1, 1 }, false)]
    [InlineData(new long[] { 8, 5, 5, 6 }, false)]
    [InlineData(new long[] { 1, 1L << 32, 1L << 32, 1 }, false)]
    [InlineData(new long[] { 1, 1L << 32, 1L << 31, 2 }, false)]
    [InlineData(new long[] { 1, (1L << 60) + 2, 16, 1 }, false)]
    [InlineData(new long[] { 1, long.MaxValue, long.MaxValue, long.MaxValue }, false)]
    [InlineData(new long[] { 1, -2, -5, 1 }, false)]
    [InlineData(new long[] { 1, 3, long.MinValue, 2 }, false)]
    [InlineData(new long[] { 1, 1L << 40, 1L << 40, 0 }, false)]
    [InlineData(new long[] { 1, 0, 1L << 40, 1L << 40 }, false)]
    public void CheckHead_DimensionsThatVary_AreBoundedByTheirProduct(long[] shape, bool expected) =>
        Assert.Equal(expected, CheckHead(Free, TensorDataType.UInt8, shape) is null);

    [Fact]
    public void CheckHead_WhateverPasses_HasACountThatIsNoSurprise()
    {
        long[] sizes = [0, 1, 2, 1000, 1L << 31, 1L << 62, long.MaxValue];
        foreach (var first in sizes)
        {
            foreach (var second in sizes)
            {
                foreach (var third in sizes)
                {
                    long[] shape = [1, first, second, third];
                    if (CheckHead(Free, TensorDataType.UInt8, shape) is null)
                    {
                        Assert.InRange(Tensor.CountElements(shape), 0, 1000);
                    }
                }
            }
        }
    }

    [Fact]
    public void CheckHead_Scalar_Passes()
    {
        var model = ModelOf(new TensorSpec("x", TensorDataType.Int64, []));

        Assert.Null(CheckHead(model, TensorDataType.Int64, []));
        Assert.NotNull(CheckHead(model, TensorDataType.Int64, [1]));
    }

    [Fact]
    public void Check_WholeRequest_Passes() => Assert.Null(Check(Model, [X(), Mask()], "y"));

    [Fact]
    public void Check_InputsInAnotherOrder_Passes() => Assert.Null(Check(Model, [Mask(), X()]));

    [Fact]
    public void Check_MissingInput_IsNamed() => Assert.Equal("input 'mask' of model 'm' is missing", Check(Model, [X()])?.Detail);

    [Fact]
    public void Check_NoInput_IsNamed() => Assert.Equal("input 'x' of model 'm' is missing", Check(Model, [])?.Detail);

    [Fact]
    public void Check_InputGivenTwice_IsNamed() => Assert.Equal("input 'x' is given twice", Check(Model, [X(), X()])?.Detail);

    [Theory]
    [InlineData("X")]
    [InlineData("x ")]
    [InlineData("z")]
    public void Check_UnknownInput_IsNamed(string name) => Assert.Equal(
        $"unexpected inference input '{name}' for model 'm'", Check(Model, [X(), Mask(), Tensor.Create<int>(name, [1], [1])])?.Detail);

    [Fact]
    public void Check_UnknownOutput_IsNamed() =>
        Assert.Equal("unexpected inference output 'Y' for model 'm'", Check(Model, [X(), Mask()], "y", "Y")?.Detail);

    [Fact]
    public void Check_OutputAskedTwice_IsNamed() =>
        Assert.Equal("output 'y' is requested twice", Check(Model, [X(), Mask()], "y", "y")?.Detail);

    // y has a float a row: what is asked for decides, not what was sent.
    [Theory]
    [InlineData(16, 4, true)]
    [InlineData(15, 4, false)]
    public void Check_AnswerOfKnownSize_IsMeasuredBeforeTheRun(long budget, int rows, bool passes)
    {
        var model = SomeModel.Of(new ModelLimits(8, 1000, 64, AllowNonFinite: false) { MaxOutputBytes = budget }, new TensorSpec("x", TensorDataType.Float32, [-1]));

        var error = Check(model, [Tensor.Create<float>("x", [rows], new float[rows])]);

        Assert.Equal(passes ? null : InferenceErrorCode.OutputNotRepresentable, error?.Code);
        Assert.Equal(passes ? null : $"The answer would have more than the {budget} bytes of outputs that model 'm' gives at once. Ask for fewer rows or outputs.", error?.Detail);
    }

    private static Tensor X() => Tensor.Create<float>("x", [1, 4], [1, 2, 3, 4]);

    private static Tensor Mask() => Tensor.Create<bool>("mask", [2], [true, false]);

    private static InferenceError? CheckHead(ModelMetadata model, TensorDataType type, long[] shape) =>
        SignatureValidator.CheckHead(model, model.Inputs[0], type, shape);

    private static InferenceError? Check(ModelMetadata model, Tensor[] inputs, params string[] outputs) =>
        SignatureValidator.Check(model, new InferenceRequest(inputs) { Outputs = outputs });

    private static ModelMetadata ModelOf(params TensorSpec[] inputs) => SomeModel.Of(new ModelLimits(8, 1000, 64, AllowNonFinite: false), inputs);
}
