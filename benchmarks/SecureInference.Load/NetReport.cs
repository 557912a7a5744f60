namespace SecureInference.Load;

/// <summary>What was measured of one net.</summary>
internal sealed class NetReport(Net net, IEnumerable<int> connections)
{
    private readonly SortedDictionary<int, List<double>> _bare = [];

    public Net Net => net;

    public IReadOnlyList<LevelReport> Levels { get; } = [.. connections.Select(static count => new LevelReport(count))];

    /// <summary>Gets the share of the processors that others took in each measurement.</summary>
    public List<double> Others { get; } = [];

    /// <summary>Gets the rows of the bare run that is best: by its median, since the best of each round would be the luckiest.</summary>
    public int BestRows => _bare.MaxBy(static pair => Numbers.Median(pair.Value)).Key;

    /// <summary>Gets the rows per second of the best bare runs, by rounds.</summary>
    public IReadOnlyList<double> Bare => _bare[BestRows];

    /// <summary>Gets the median rows per second of bare runs, by their rows.</summary>
    public IReadOnlyDictionary<int, double> BareMedians => _bare.ToDictionary(static pair => pair.Key, static pair => Numbers.Median(pair.Value));

    /// <summary>Gets the answers that were not 200.</summary>
    public int Failed => Levels.Sum(static level => level.Off.Concat(level.On).Sum(static slice => slice.Client.Failed));

    public void AddBare(int rows, double rowsPerSecond)
    {
        if (!_bare.TryGetValue(rows, out var rates))
        {
            _bare.Add(rows, rates = []);
        }

        rates.Add(rowsPerSecond);
    }
}
