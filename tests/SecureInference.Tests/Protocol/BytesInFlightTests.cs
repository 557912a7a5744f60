using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SecureInference.Protocol;

namespace SecureInference.Tests.Protocol;

public sealed class BytesInFlightTests
{
    private readonly BytesInFlight _sut = new(Options.Create(new ProtocolOptions { MaxBytesInFlight = 100, MaxCallerBytesInFlight = 60 }));

    [Fact]
    public void TryGrowTo_OneCallerHoldsItsMost_IsRefusedAndAnotherIsNot()
    {
        using var first = new FlightShare(_sut, "one");
        using var second = new FlightShare(_sut, "one");
        using var other = new FlightShare(_sut, "other");

        Assert.True(first.TryGrowTo(50));
        Assert.False(second.TryGrowTo(11));
        Assert.True(other.TryGrowTo(50));

        Assert.Equal((429, InferenceErrorCode.RateLimited), (second.Refusal?.Status, second.Refusal?.Code));
        Assert.Equal((100, 2), _sut.Held);
    }

    [Fact]
    public void TryGrowTo_AllTogetherHoldTheMost_IsRefusedUntilOneEnds()
    {
        var first = new FlightShare(_sut, "one");
        using var second = new FlightShare(_sut, "two");
        using var third = new FlightShare(_sut, "three");
        Assert.True(first.TryGrowTo(60) && second.TryGrowTo(40));

        Assert.False(third.TryGrowTo(1));
        first.Dispose();

        Assert.Equal(503, third.Refusal?.Status);
        Assert.NotNull(third.Refusal?.RetryAfter);
        Assert.True(third.TryGrowTo(1));
    }

    [Fact]
    public void TryGrowTo_IsAlone_IsTakenWhateverItsSize()
    {
        using var share = new FlightShare(_sut, "one");

        Assert.True(share.TryGrowTo(10));
        Assert.True(share.TryGrowTo(1000));
    }

    [Fact]
    public void Dispose_Everyone_LeavesNothing()
    {
        for (var round = 0; round < 3; round++)
        {
            var shares = Enumerable.Range(0, 20).Select(index => new FlightShare(_sut, $"caller {index}")).ToArray();
            foreach (var share in shares)
            {
                _ = share.TryGrowTo(3) && share.TryGrowTo(7);
            }

            Array.ForEach(shares, static share => share.Dispose());
            Array.ForEach(shares, static share => share.Dispose());
        }

        Assert.Equal((0, 0), _sut.Held);
    }

    // A body that does not say how long it is holds what has come of it; beyond what its caller may hold, it is read no further.
    [Fact]
    public async Task Read_BodyOfUnknownLength_HoldsWhatHasComeAndIsRefusedBeyond()
    {
        using var other = new FlightShare(_sut, "one");
        using var share = new FlightShare(_sut, "one");
        Assert.True(other.TryGrowTo(40));
        var http = new DefaultHttpContext { Request = { Body = new MemoryStream(new byte[30]) } };
        Assert.Null(RequestBody.TryOpen(http, limit: 100, share, TimeSpan.FromMinutes(1), TimeProvider.System, out var body));
        await using var opened = body!;

        var refusal = await Assert.ThrowsAsync<BadHttpRequestException>(async () => await opened.TryFillAsync(new byte[30], TestContext.Current.CancellationToken));

        Assert.Equal((503, 429), (refusal.StatusCode, share.Refusal?.Status));
        Assert.Equal((40, 1), _sut.Held);
    }

    [Fact]
    public async Task Read_BodyOfUnknownLengthThatFits_HoldsItUntilItIsAnswered()
    {
        var share = new FlightShare(_sut, "one");
        var http = new DefaultHttpContext { Request = { Body = new MemoryStream(new byte[30]) } };
        Assert.Null(RequestBody.TryOpen(http, limit: 100, share, TimeSpan.FromMinutes(1), TimeProvider.System, out var body));
        await using var opened = body!;

        Assert.True(await opened.TryFillAsync(new byte[30], TestContext.Current.CancellationToken));

        Assert.Equal((30, 1), _sut.Held);
        share.Dispose();
        Assert.Equal((0, 0), _sut.Held);
    }

    [Theory]
    [InlineData(0, 1, "Protocol:MaxBytesInFlight is 0.")]
    [InlineData(1, -5, "Protocol:MaxCallerBytesInFlight is -5.")]
    public void Problems_OutOfRange_SaysWhatToWrite(long all, long caller, string expected) =>
        Assert.StartsWith(expected, Assert.Single(new ProtocolOptions { MaxBytesInFlight = all, MaxCallerBytesInFlight = caller }.Problems()), StringComparison.Ordinal);
}
