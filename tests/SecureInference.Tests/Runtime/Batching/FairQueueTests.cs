using Microsoft.Extensions.Time.Testing;
using SecureInference.Runtime.Batching;

namespace SecureInference.Tests.Runtime.Batching;

public sealed class FairQueueTests
{
    private const int Lowest = FairQueue.LowestPriority;
    private readonly FairQueue _sut = new(maxRows: 8);

    [Fact]
    public void Take_OneCallerHasTenTimesAsMuch_TurnsAreEqual()
    {
        Add("greedy", 100);
        Add("polite", 10);

        var first = TakeAll().Take(20).ToArray();

        Assert.Equal(10, first.Count(static subject => subject == "polite"));
    }

    [Fact]
    public void Take_RequestsOfManyRows_RowsAreEqualNotRequests()
    {
        Add("large", 20, rows: 8);
        Add("small", 160);

        var rows = new Dictionary<string, int> { ["large"] = 0, ["small"] = 0 };
        while (rows["large"] + rows["small"] < 80)
        {
            rows[SubjectOf(Take(out var taken))] += taken.Rows;
        }

        Assert.InRange(rows["large"], 32, 48);
    }

    [Fact]
    public void Take_CallersComeOneAfterTheOther_NobodyWaitsForMoreThanARound()
    {
        for (var caller = 0; caller < 50; caller++)
        {
            Add($"caller {caller}", 3);
        }

        var first = TakeAll().Take(50).ToArray();

        Assert.Equal(50, first.Distinct().Count());
    }

    [Fact]
    public void Take_HigherPriority_GoesFirst()
    {
        Add("bulk", 3);
        Add("urgent", 2, priority: 1);
        Add("soon", 1, priority: 5);

        Assert.Equal(["urgent", "urgent", "soon", "bulk", "bulk", "bulk"], TakeAll());
    }

    [Fact]
    public void Charge_RowsRanWithoutWaiting_CountAgainstTheNextTurnUpToABatch()
    {
        _sut.Charge("inline", Lowest, rows: 1000);
        Add("inline", 20);
        Add("other", 20);

        var first = TakeAll().ToArray();

        Assert.Equal(8, first.TakeWhile(static subject => subject == "other").Count());
    }

    [Fact]
    public void EndPeriod_NothingWaits_WhatWasOwedIsForgotten()
    {
        _sut.Charge("inline", Lowest, rows: 1000);
        _sut.EndPeriod();
        Add("inline", 2);
        Add("other", 2);

        Assert.Equal("inline", TakeAll().First());
    }

    [Fact]
    public void FindVictim_LongestBacklog_GivesItsNewest()
    {
        Add("long", 5);
        Add("short", 2);

        var victim = _sut.FindVictim("new", Lowest);

        Assert.Equal(4, victim?.Queued);
        Assert.Equal("long", SubjectOf(victim!));
    }

    [Theory]
    [InlineData("even", Lowest, null)]
    [InlineData("new", Lowest, "other")]
    [InlineData("even", 3, "other")]
    public void FindVictim_CallerHasAsMuchItself_OnlyTheLessUrgentMakesRoom(string subject, int priority, string? expected)
    {
        Add("even", 3);
        Add("other", 4);

        Assert.Equal(expected, _sut.FindVictim(subject, priority) is { } victim ? SubjectOf(victim) : null);
    }

    [Fact]
    public void FindVictim_OnlyMoreUrgentWait_IsNone()
    {
        Add("urgent", 10, priority: 1);

        Assert.Null(_sut.FindVictim("new", Lowest));
    }

    [Fact]
    public void Remove_FromTheMiddle_LeavesTheOrder()
    {
        var requests = Add("one", 4);

        _sut.Remove(requests[1]);
        _sut.Remove(requests[3]);

        Assert.Equal([requests[0], requests[2]], TakeRequests());
        Assert.Equal((0, 0), (_sut.Count, _sut.Rows));
    }

    [Fact]
    public void FindExpired_SomeHaveTime_FindsTheOthersAndTheNext()
    {
        var requests = Add("one", 5).Concat(Add("two", 5)).ToArray();
        var expired = new List<QueuedRequest>();
        var next = long.MaxValue;

        _sut.FindExpired(now: 3, expired, ref next);

        Assert.Equal(requests.Where(static request => request.Deadline <= 3).ToHashSet(), [.. expired]);
        Assert.Equal(4, next);
    }

    // Whatever is added and taken away, counts hold and everybody comes out once.
    [Fact]
    public void Queue_AddsTakesAndRemovalsAtRandom_LosesNobody()
    {
        var random = new Random(11);
        var inside = new HashSet<QueuedRequest>();
        for (var step = 0; step < 20_000; step++)
        {
            var choice = random.Next(10);
            if (choice < 5 || inside.Count == 0)
            {
                inside.UnionWith(Add($"caller {random.Next(20)}", 1, random.Next(1, 9), random.Next(1, Lowest + 1)));
            }
            else if (choice < 8)
            {
                Assert.True(inside.Remove(Take(out _)));
            }
            else
            {
                var one = inside.ElementAt(random.Next(inside.Count));
                _sut.Remove(one);
                inside.Remove(one);
            }

            Assert.Equal((inside.Count, inside.Sum(static request => request.Rows)), (_sut.Count, _sut.Rows));
        }

        Assert.Equal(inside.Count, TakeRequests().Distinct().Count());
        Assert.Null(_sut.Peek());
    }

    private static string SubjectOf(QueuedRequest request) => request.Request?.Caller?.Subject ?? "";

    private QueuedRequest[] Add(string subject, int count, int rows = 1, int priority = Lowest) => [.. Enumerable.Range(0, count).Select(index =>
    {
        var request = new QueuedRequest(new RequestPool(null!), null!);
        var asked = new InferenceRequest(Tensor.Create<float>("x", [rows, 1], new float[rows])) { Caller = new Caller(subject, "Test", Abstractions.Some.Scopes()) };
        var line = new Departures(new Lock(), _sut, null!, "model", null!, new FakeTimeProvider());
#pragma warning disable CA2012 // Nobody waits for the answer here.
        _ = request.Begin(line, new Ticket(asked, new BatchingPlan { Capacity = 1, Timeout = TimeSpan.FromDays(1), MaxRows = 8 }), now: index, deadline: index, default);
#pragma warning restore CA2012
        _sut.Add(request, subject, priority);
        return request;
    })];

    private QueuedRequest Take(out QueuedRequest taken)
    {
        taken = _sut.Peek()!;
        _sut.Take(taken);
        return taken;
    }

    private IEnumerable<string> TakeAll() => TakeRequests().Select(SubjectOf);

    private IEnumerable<QueuedRequest> TakeRequests()
    {
        while (_sut.Count > 0)
        {
            yield return Take(out _);
        }
    }
}
