using Microsoft.Extensions.Time.Testing;
using SecureInference.Runtime.Batching;
using SecureInference.Tests.Abstractions;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Runtime.Batching;

/// <summary>The queue, and what lanes take of it, in time that is made up: callers who ask again once they are answered, and runs that take what a run takes.</summary>
internal sealed class FairSimulation
{
    private const int Lanes = 2;

    private readonly FakeTimeProvider _time = new();
    private readonly BatchingPlan _plan;
    private readonly LanePool _lanes;
    private readonly FairQueue _queue;
    private readonly BatchFilling _filling;
    private readonly Func<int, TimeSpan> _runOf;
    private readonly Random _random = new(7);
    private readonly PriorityQueue<Action, long> _events = new();
    private readonly DateTimeOffset _start;

    public FairSimulation(int maxRows, int enough, int shared, Func<int, TimeSpan> runOf)
    {
        _plan = new BatchingPlan { Capacity = 10_000, Timeout = TimeSpan.FromDays(1), MaxRows = enough, PreferredRows = enough, SharedRows = shared };
        var model = FakeModel.Echo();
        model.LoadAsync("simulated", new ModelOptions { Lanes = Lanes, MaxBatchSize = maxRows }, default).AsTask().GetAwaiter().GetResult();
        _lanes = new LanePool(model, null!, static _ => { });
        _queue = new FairQueue(_plan.MaxRows, _plan.SharedRows);
        _filling = new BatchFilling(_plan, _queue, _lanes, _time);
        _runOf = runOf;
        _start = _time.GetUtcNow();
    }

    /// <summary>Gets how long each answer took, by caller.</summary>
    public Dictionary<string, List<TimeSpan>> Answers { get; } = [];

    /// <summary>Lets a caller keep some requests going.</summary>
    public FairSimulation With(string subject, int connections)
    {
        Answers[subject] = [];
        for (var connection = 0; connection < connections; connection++)
        {
            Later(TimeSpan.FromMilliseconds(_random.NextDouble() * 5), () => Ask(subject));
        }

        return this;
    }

    public FairSimulation Run(TimeSpan time)
    {
        while (_events.TryPeek(out _, out var at) && at < time.Ticks)
        {
            var next = _events.Dequeue();
            _time.SetUtcNow(_start.AddTicks(at));
            next();
        }

        return this;
    }

    public TimeSpan Percentile(string subject, double share)
    {
        var sorted = Answers[subject].Order().ToList();
        return sorted[(int)(sorted.Count * share)];
    }

    private void Later(TimeSpan delay, Action action) => _events.Enqueue(action, (_time.GetUtcNow() - _start + delay).Ticks);

    private void Ask(string subject)
    {
        var request = new QueuedRequest(new RequestPool(null!), null!);
        var asked = new InferenceRequest(Tensor.Create<float>("x", [1, 4], new float[4])) { Caller = new Caller(subject, "Test", Some.Scopes()) };
#pragma warning disable CA2012 // Nobody waits for the answer here.
        _ = request.Begin(null!, new Ticket(asked, _plan), _time.GetTimestamp(), long.MaxValue, default);
#pragma warning restore CA2012
        _queue.Add(request, subject, FairQueue.LowestPriority);
        Start();
    }

    private void Start()
    {
        while (_queue.Count > 0 && _lanes.TryTake())
        {
            var batch = new RunningBatch(FakeModel.Echo().Metadata);
            _filling.Fill(batch);
            // Runs of one size differ a little.
            Later(_runOf(batch.Rows) * (0.9 + (_random.NextDouble() * 0.2)), () => End(batch));
        }
    }

    private void End(RunningBatch batch)
    {
        _lanes.Release();
        foreach (var request in batch.Requests.OfType<QueuedRequest>())
        {
            var subject = request.Request!.Caller!.Subject;
            Answers[subject].Add(_time.GetElapsedTime(request.Queued));
            Later(TimeSpan.FromMilliseconds(0.7 + (_random.NextDouble() * 1.5)), () => Ask(subject));
        }

        Start();
    }
}
