using SecureInference.Protocol;

namespace SecureInference.Tests.Protocol;

public sealed class GrowingMemoryTests
{
    [Fact]
    public void Extend_LargePromise_GivesOutLittleUntilThatIsFilled()
    {
        using var sut = new GrowingMemory(256 << 20);

        var first = sut.Extend();
        var second = sut.Extend();

        Assert.Equal(16 * 1024, first.Length);
        Assert.Equal(16 * 1024, second.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16 * 1024)]
    [InlineData((16 * 1024) + 1)]
    [InlineData(1_000_003)]
    public void ToTensor_FilledPartByPart_HoldsEveryPartInOrder(int length)
    {
        var expected = new byte[length];
        new Random(length).NextBytes(expected);
        using var sut = new GrowingMemory(length);
        var filled = 0;

        while (sut.Length < length)
        {
            var part = sut.Extend();
            expected.AsSpan(filled, part.Length).CopyTo(part.Span);
            filled += part.Length;
        }

        var tensor = sut.ToTensor("x", TensorDataType.UInt8, [length]);
        Assert.True(tensor.Data.Span.SequenceEqual(expected));
        tensor.Return();
    }

    [Fact]
    public void Dispose_HalfFilled_ClearsWhatCame()
    {
        var sut = new GrowingMemory(1 << 20);
        var part = sut.Extend();
        part.Span.Fill(0xA5);
        var memory = part;

        sut.Dispose();

        Assert.False(memory.Span.ContainsAnyExcept((byte)0));
    }
}
