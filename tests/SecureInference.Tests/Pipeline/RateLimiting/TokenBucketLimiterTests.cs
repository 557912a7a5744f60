using System.Threading.RateLimiting;
using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.RateLimiting;

namespace SecureInference.Tests.Pipeline.RateLimiting;

public sealed class TokenBucketLimiterTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Acquire_WithinAndBeyondTheLimit_GrantsAndSaysHowLongToWait()
    {
        using var sut = CreateSut();
        using var granted = await sut.AcquireAsync(5, TestContext.Current.CancellationToken);
        using var refused = sut.AttemptAcquire(2);

        Assert.True(granted.IsAcquired);
        Assert.Empty(granted.MetadataNames);
        Assert.False(refused.IsAcquired);
        Assert.True(refused.TryGetMetadata(MetadataName.RetryAfter, out var wait));
        Assert.Equal(TimeSpan.FromSeconds(4), wait);
        _time.Advance(wait - TimeSpan.FromTicks(1));
        Assert.False(sut.AttemptAcquire(2).IsAcquired);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.True(sut.AttemptAcquire(2).IsAcquired);
        Assert.Equal((2, 2), (sut.GetStatistics()!.TotalSuccessfulLeases, sut.GetStatistics()!.TotalFailedLeases));
    }

    [Fact]
    public void Acquire_Nothing_SaysWhetherThereIsAnything()
    {
        using var sut = CreateSut();
        Assert.True(sut.AttemptAcquire(0).IsAcquired);
        Assert.True(sut.AttemptAcquire(5).IsAcquired);

        using var refused = sut.AttemptAcquire(0);

        Assert.False(refused.IsAcquired);
        Assert.True(refused.TryGetMetadata(MetadataName.RetryAfter, out var wait));
        _time.Advance(wait);
        Assert.True(sut.AttemptAcquire(0).IsAcquired);
        Assert.Equal(1, sut.GetStatistics()!.CurrentAvailablePermits);
    }

    [Fact]
    public void Acquire_MoreThanItEverHolds_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => CreateSut().AttemptAcquire(6));

    [Fact]
    public void IdleDuration_Bucket_CountsFromWhenItWasFull()
    {
        using var sut = CreateSut();
        sut.AttemptAcquire(2).Dispose();
        Assert.Null(sut.IdleDuration);
        Assert.Equal(3, sut.GetStatistics()!.CurrentAvailablePermits);

        _time.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal(TimeSpan.FromSeconds(3), sut.IdleDuration);
        Assert.Equal(5, sut.GetStatistics()!.CurrentAvailablePermits);
    }

    [Fact]
    public void Create_OptionsOutOfRange_SaysWhatToWrite()
    {
        var exception = Assert.Throws<ArgumentException>(static () => new TokenBucketLimiter(new TokenBucketOptions { TokenLimit = 5 }));

        Assert.Contains("TokensPerPeriod is 0. Write at least 1.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Acquire_InPartitions_OfThePlatform()
    {
        using var sut = PartitionedRateLimiter.Create<string, string>(key => RateLimitPartition.Get(key, _ => CreateSut()));

        Assert.True(sut.AttemptAcquire("a", 5).IsAcquired);
        Assert.False(sut.AttemptAcquire("a").IsAcquired);
        Assert.True(sut.AttemptAcquire("b").IsAcquired);
    }

    private TokenBucketLimiter CreateSut() =>
        new(new TokenBucketOptions { TokenLimit = 5, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromSeconds(2) }, _time);
}
