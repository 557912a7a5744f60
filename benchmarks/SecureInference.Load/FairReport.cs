namespace SecureInference.Load;

/// <summary>What a polite caller saw beside a greedy one, in rounds.</summary>
/// <param name="Net">The net's name.</param>
/// <param name="Polite">The connections of the polite caller.</param>
/// <param name="Greedy">The connections of the greedy caller.</param>
internal sealed record FairReport(string Net, int Polite, int Greedy)
{
    public List<ClientSlice> Alone { get; } = [];

    public List<ClientSlice> Beside { get; } = [];

    public List<ClientSlice> Greed { get; } = [];

    public int Failed => Alone.Concat(Beside).Concat(Greed).Sum(static slice => slice.Failed);

    public double Median(IEnumerable<ClientSlice> slices, Func<ClientSlice, double> value) => Numbers.Median(slices.Select(value));

    /// <summary>Returns the median of what a value is beside the greedy caller, to what it was alone in the same round.</summary>
    public double Ratio(Func<ClientSlice, double> value) => Numbers.MedianRatio(Beside.Select(value), Alone.Select(value));
}
