using SecureInference.Pipeline.RateLimiting;

namespace SecureInference.Tests.Pipeline.RateLimiting;

/// <summary>Writes down what a limit granted, and holds it to what it may grant in every window.</summary>
internal sealed class LimiterLedger
{
    /// <summary>Clocks count in units, and a window may begin late in one and end early in another.</summary>
    private const double OneUnit = 1e-6 + (1.0 / BucketRate.UnitsPerToken);

    private const double OneByte = 1e-6 + (1.0 / BucketRate.UnitsPerByte);

    private readonly Dictionary<string, double> _accrued = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Entry>> _entries = new(StringComparer.Ordinal);

    public int Count => _entries.Values.Sum(static entries => entries.Count);

    /// <summary>Time passes: so many tokens come back by the limit's pace.</summary>
    public void Accrue(string limit, double tokens) => _accrued[limit] = _accrued.GetValueOrDefault(limit) + tokens;

    /// <summary>Writes down a take.</summary>
    /// <param name="limit">Whose pace it is.</param>
    /// <param name="bucket">Whose bucket it is.</param>
    /// <param name="size">What the bucket holds in this moment.</param>
    /// <param name="tokens">How many were taken.</param>
    /// <returns>The entry, whose tokens are struck out where they are given back.</returns>
    public Entry Note(string limit, string bucket, long size, long tokens)
    {
        var entry = new Entry(_accrued.GetValueOrDefault(limit), size) { Tokens = tokens };
        if (!_entries.TryGetValue($"{limit} {bucket}", out var entries))
        {
            _entries.Add($"{limit} {bucket}", entries = []);
        }

        entries.Add(entry);
        return entry;
    }

    /// <summary>From any take to any later one, no more than the bucket holds then and what came back in between.</summary>
    public void AssertKept()
    {
        foreach (var (bucket, entries) in _entries)
        {
            var sum = 0L;
            var least = double.MaxValue;
            var rounding = bucket.Contains("-bytes", StringComparison.Ordinal) ? OneByte : OneUnit;
            foreach (var entry in entries)
            {
                least = Math.Min(least, sum - entry.Accrued);
                sum += entry.Tokens;
                var most = sum - entry.Accrued - least;
                Assert.True(entry.Tokens == 0 || most <= entry.Size + rounding, $"{bucket} granted {most - entry.Size} tokens too many.");
            }
        }
    }

    internal sealed record Entry(double Accrued, long Size)
    {
        public required long Tokens { get; set; }
    }
}
