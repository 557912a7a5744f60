using System.Security.Cryptography;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tests.Models.Protection.Encryption;

public sealed class FollowingHashTests
{
    private const int Part = 10;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(100)]
    public void Finish_FilledBackwards_IsTheHashOfAll(int length)
    {
        var memory = RandomNumberGenerator.GetBytes(length);
        using var sut = new FollowingHash(memory, Part);

        for (var part = Math.Max(0, ((length + Part - 1) / Part) - 1); part >= 0; part--)
        {
            sut.Filled(part);
        }

        Assert.Equal(SHA256.HashData(memory), sut.Finish());
    }

    [Fact]
    public void Finish_APartIsMissing_IsNoHash()
    {
        using var sut = new FollowingHash(new byte[2 * Part], Part);
        sut.Filled(1);

        Assert.Throws<InvalidOperationException>(sut.Finish);
    }

    [Fact]
    public void Finish_FilledByManyAtOnce_IsTheHashOfAll()
    {
        var source = RandomNumberGenerator.GetBytes((1000 * Part) + 3);
        for (var round = 0; round < 50; round++)
        {
            var memory = new byte[source.Length];
            using var sut = new FollowingHash(memory, Part);

            Parallel.For(0, 1001, new ParallelOptions { MaxDegreeOfParallelism = 8 }, part =>
            {
                source.AsSpan(part * Part, Math.Min(Part, source.Length - (part * Part))).CopyTo(memory.AsSpan(part * Part));
                sut.Filled(part);
            });

            Assert.Equal(SHA256.HashData(source), sut.Finish());
        }
    }
}
