namespace SecureInference.Load;

/// <summary>Medians, which one disturbed round does not move.</summary>
internal static class Numbers
{
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>Returns the median of the ratios that two variants had in the same round.</summary>
    public static double MedianRatio(IEnumerable<double> values, IEnumerable<double> to) => Median(values.Zip(to, static (value, other) => value / other));
}
