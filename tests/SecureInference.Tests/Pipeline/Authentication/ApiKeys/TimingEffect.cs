using System.Diagnostics;

namespace SecureInference.Tests.Pipeline.Authentication.ApiKeys;

/// <summary>Measures by how much the times of two kinds of look-ups differ, as a multiple of how much each kind varies by itself.</summary>
internal static class TimingEffect
{
    private const int Rounds = 5;
    private const int TriesInARound = 20_000;

    /// <summary>Times 100,000 look-ups of each kind, one after the other in turn.</summary>
    /// <returns>The difference of the medians over the mean of the two median absolute deviations: the least of five rounds.</returns>
    /// <remarks>Medians, since a collection or a neighbour on the machine makes single tries a thousand times as long. The least of the rounds, since such trouble may shift
    /// one kind in one round by chance, whereas a look-up that takes a shorter way for one kind takes it in every try: it shows in every round.</remarks>
    public static double Measure(Action<int> one, Action<int> other)
    {
        var least = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            least = Math.Min(least, MeasureRound(one, other));
        }

        return least;
    }

    private static double MeasureRound(Action<int> one, Action<int> other)
    {
        var (first, second) = (new double[TriesInARound], new double[TriesInARound]);
        for (var index = 0; index < TriesInARound; index++)
        {
            // Who goes first changes: what the first leaves in the caches must not favour the second.
            if (index % 2 == 0)
            {
                first[index] = Time(one, index);
                second[index] = Time(other, index);
            }
            else
            {
                second[index] = Time(other, index);
                first[index] = Time(one, index);
            }
        }

        var (firstMedian, secondMedian) = (Median(first), Median(second));
        var spread = (Deviation(first, firstMedian) + Deviation(second, secondMedian)) / 2;
        return Math.Abs(firstMedian - secondMedian) / Math.Max(spread, 1);
    }

    private static double Time(Action<int> action, int index)
    {
        var start = Stopwatch.GetTimestamp();
        action(index);
        return (Stopwatch.GetTimestamp() - start) * (1e9 / Stopwatch.Frequency);
    }

    private static double Deviation(double[] values, double median) => Median([.. values.Select(value => Math.Abs(value - median))]);

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
