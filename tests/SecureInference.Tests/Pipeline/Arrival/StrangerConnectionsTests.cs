using System.Net;
using Microsoft.Extensions.Options;
using SecureInference.Pipeline.Arrival;
using SecureInference.Tests.Abstractions;

namespace SecureInference.Tests.Pipeline.Arrival;

public sealed class StrangerConnectionsTests
{
    [Fact]
    public void TryEnter_NetworkIsFull_RefusesItAndNobodyElse()
    {
        var sut = CreateSut(most: 100, mostPerNetwork: 3);
        EnterAll(sut, "203.0.113.7", 3);

        Assert.Equal("network", sut.TryEnter(IPAddress.Parse("203.0.113.250"), out var place));
        Assert.Null(place);
        Assert.Equal("network", sut.TryEnter(IPAddress.Parse("::ffff:203.0.113.250"), out _));
        Assert.Null(sut.TryEnter(IPAddress.Parse("198.51.100.7"), out _));
        Assert.Null(sut.TryEnter(IPAddress.Parse("2001:db8::7"), out _));
        Assert.Equal(5, sut.Count);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("10.0.0.7")]
    [InlineData("::ffff:10.0.0.7")]
    public void TryEnter_LoopbackOrProxy_CountsInAllButNotByNetwork(string? address)
    {
        var sut = CreateSut(most: 5, mostPerNetwork: 1);

        EnterAll(sut, address, 5);

        Assert.Equal("total", sut.TryEnter(address is null ? null : IPAddress.Parse(address), out var place));
        Assert.Null(place);
        Assert.Equal(5, sut.Count);
    }

    [Fact]
    public void TryEnter_TotalIsFull_LeavesNothingBehindInTheNetwork()
    {
        var sut = CreateSut(most: 2, mostPerNetwork: 1);
        var places = EnterAll(sut, address: null, 2);
        Assert.Equal("total", sut.TryEnter(IPAddress.Parse("203.0.113.7"), out _));

        places[0].Release();

        Assert.Null(sut.TryEnter(IPAddress.Parse("203.0.113.7"), out _));
    }

    [Fact]
    public void Release_Twice_GivesOnePlaceBack()
    {
        var sut = CreateSut(most: 100, mostPerNetwork: 2);
        var places = EnterAll(sut, "203.0.113.7", 2);

        places[0].Release();
        places[0].Release();

        Assert.Null(sut.TryEnter(IPAddress.Parse("203.0.113.7"), out _));
        Assert.Equal("network", sut.TryEnter(IPAddress.Parse("203.0.113.7"), out _));
        Assert.Equal(2, sut.Count);
    }

    [Fact]
    public void Identify_CallerIsKnown_GivesTheConnectionsPlaceBack()
    {
        var sut = CreateSut(most: 1, mostPerNetwork: 1);
        var http = Some.Request();
        sut.TryEnter(address: null, out var place);
        http.Features.Set(place);
        Assert.Equal("total", sut.TryEnter(address: null, out _));

        InferenceContext.Get(http).Identify(Some.Caller());

        Assert.Null(sut.TryEnter(address: null, out _));
    }

    [Fact]
    public void Release_FromManyThreads_EndsAtZeroAndNeverPassesTheLimits()
    {
        var sut = CreateSut(most: 10, mostPerNetwork: 4);
        var most = 0L;

        Parallel.For(0, 8, thread =>
        {
            var address = IPAddress.Parse($"203.0.{thread % 3}.1");
            for (var index = 0; index < 20_000; index++)
            {
                sut.TryEnter(address, out var place);
                var held = place is null ? 0 : sut.Count;
                InterlockedMax(ref most, held);
                place?.Release();
            }
        });

        // Counts go up before they are compared: each thread may be seen once above the limit.
        Assert.InRange(most, 1, 10 + 8);
        Assert.Equal(0, sut.Count);
        for (var network = 0; network < 3; network++)
        {
            EnterAll(sut, $"203.0.{network}.1", 3);
        }
    }

    private static void InterlockedMax(ref long most, long value)
    {
        long seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }

    private static List<StrangerConnection> EnterAll(StrangerConnections sut, string? address, int count)
    {
        var places = new List<StrangerConnection>();
        for (var index = 0; index < count; index++)
        {
            Assert.Null(sut.TryEnter(address is null ? null : IPAddress.Parse(address), out var place));
            places.Add(place!);
        }

        return places;
    }

    private static StrangerConnections CreateSut(int most, int mostPerNetwork) => new(Options.Create(new ArrivalOptions
    {
        KnownProxies = ["10.0.0.7"],
        Connections = { MaxUnauthenticatedConnections = most, MaxUnauthenticatedConnectionsPerNetwork = mostPerNetwork },
    }));
}
