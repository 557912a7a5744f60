using Microsoft.Extensions.Time.Testing;

namespace SecureInference.Onnx.Tests;

public sealed class LogGateTests
{
    [Fact]
    public void TryPass_ManyInASecond_LetsOneThroughAndCountsTheRest()
    {
        var time = new FakeTimeProvider();
        var sut = new LogGate(time);

        var passed = Enumerable.Range(0, 100).Count(_ => sut.TryPass(out var _));
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, passed);
        Assert.True(sut.TryPass(out var unsaid));
        Assert.Equal(99, unsaid);
    }
}
