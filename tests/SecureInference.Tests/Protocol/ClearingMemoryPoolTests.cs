using SecureInference.Protocol;

namespace SecureInference.Tests.Protocol;

public sealed class ClearingMemoryPoolTests
{
    [Fact]
    public void Dispose_RentedMemory_IsClearedOnItsWayBack()
    {
        var owner = ClearingMemoryPool.Instance.Rent(100_000);
        var memory = owner.Memory;
        memory.Span.Fill(0xA5);

        owner.Dispose();

        Assert.True(memory.Length >= 100_000);
        Assert.False(memory.Span.ContainsAnyExcept((byte)0));
    }
}
