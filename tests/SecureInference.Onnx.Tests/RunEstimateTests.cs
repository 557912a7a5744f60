namespace SecureInference.Onnx.Tests;

public sealed class RunEstimateTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(10, true)]
    [InlineData(11, false)]
    [InlineData(1000, false)]
    public void IsShort_TenMicrosecondsARow_HoldsUpToTenRows(int rows, bool isShort)
    {
        var sut = new RunEstimate(TimeSpan.FromMicroseconds(10), TimeSpan.FromMicroseconds(50), manyRows: 5);

        Assert.Equal(isShort, sut.IsShort(rows));
    }

    [Fact]
    public void IsShort_ManyRowsMeasuredFasterThanOne_TakesThemForEqual()
    {
        var sut = new RunEstimate(TimeSpan.FromMicroseconds(90), TimeSpan.FromMicroseconds(10), manyRows: 32);

        Assert.True(sut.IsShort(int.MaxValue));
        Assert.False(new RunEstimate(TimeSpan.FromMicroseconds(101), TimeSpan.FromMicroseconds(10), manyRows: 32).IsShort(32));
    }

    [Fact]
    public void IsShort_NeverMeasured_IsNot() => Assert.False(RunEstimate.Unknown.IsShort(1));
}
