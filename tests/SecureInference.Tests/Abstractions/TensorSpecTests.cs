namespace SecureInference.Tests.Abstractions;

public sealed class TensorSpecTests
{
    [Theory]
    [InlineData(new long[] { -1, 4 }, true)]
    [InlineData(new long[] { -1 }, true)]
    [InlineData(new long[] { 4, -1 }, false)]
    [InlineData(new long[] { }, false)]
    public void HasRows_Shape_IsWhetherTheFirstDimensionVaries(long[] shape, bool expected) =>
        Assert.Equal(expected, new TensorSpec("x", TensorDataType.Float32, shape).HasRows);

    [Fact]
    public void Create_DimensionBelowMinusOne_Throws() =>
        Assert.ThrowsAny<ArgumentException>(() => new TensorSpec("x", TensorDataType.Float32, [-2]));

    [Fact]
    public void Create_FewerSymbolsThanDimensions_Throws() =>
        Assert.Throws<ArgumentException>(() => new TensorSpec("x", TensorDataType.Float32, [-1, -1], ["N"]));

    [Fact]
    public void Create_WithoutSymbols_HasAnEmptyOneForEachDimension() =>
        Assert.Equal([null, null], new TensorSpec("x", TensorDataType.Float32, [-1, -1]).Symbols.ToArray());

    [Fact]
    public void Create_ArraysThatChangeLater_KeepsWhatItWasGiven()
    {
        long[] shape = [-1, 4];
        string?[] symbols = ["N", null];
        var spec = new TensorSpec("x", TensorDataType.Float32, shape, symbols);

        shape[1] = 5;
        symbols[0] = "M";

        Assert.Equal([-1L, 4L], spec.Shape.ToArray());
        Assert.Equal(["N", null], spec.Symbols.ToArray());
    }
}
