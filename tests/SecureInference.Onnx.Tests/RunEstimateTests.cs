namespace SecureInference.Onnx.Tests;

public sealed class RunEstimateTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(5, 50)]
    [InlineData(1000, 10_000)]
    public void Of_TenMicrosecondsARow_GrowsByRows(int rows, int expected)
    {
        var sut = new RunEstimate(TimeSpan.FromMicroseconds(10), TimeSpan.FromMicroseconds(50), manyRows: 5);

        Assert.Equal(TimeSpan.FromMicroseconds(expected), sut.Of(rows));
    }

    [Fact]
    public void Of_ManyRowsMeasuredFasterThanOne_TakesThemForEqual()
    {
        var sut = new RunEstimate(TimeSpan.FromMicroseconds(90), TimeSpan.FromMicroseconds(10), manyRows: 32);

        Assert.Equal(TimeSpan.FromMicroseconds(90), sut.Of(int.MaxValue));
    }

    [Fact]
    public void Of_NeverMeasured_IsLongerThanAnyLimit() => Assert.True(RunEstimate.Unknown.Of(1) > TimeSpan.FromDays(1));
}
