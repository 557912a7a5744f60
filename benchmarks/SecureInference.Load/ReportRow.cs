namespace SecureInference.Load;

/// <summary>What a table says of one variant; medians of the rounds.</summary>
internal sealed record ReportRow(
    string Net,
    int Connections,
    string Variant,
    double RowsPerSecond,
    double ToBare,
    double ToOff,
    double MedianMicroseconds,
    double MedianToOff,
    double Percentile99Microseconds,
    double ProcessorMicroseconds,
    double ClientMicroseconds,
    double RowsPerRun)
{
    public static ReportRow Of(NetReport net, LevelReport level, string variant, IReadOnlyList<Slice> slices)
    {
        var rates = slices.Select(static slice => slice.Client.RowsPerSecond).ToList();
        var medians = slices.Select(static slice => slice.Client.Median).ToList();
        return new ReportRow(
            net.Net.Name,
            level.Connections,
            variant,
            Numbers.Median(rates),
            Numbers.MedianRatio(rates, net.Bare),
            Numbers.MedianRatio(rates, level.Off.Select(static slice => slice.Client.RowsPerSecond)),
            Numbers.Median(medians),
            Numbers.MedianRatio(medians, level.Off.Select(static slice => slice.Client.Median)),
            Numbers.Median(slices.Select(static slice => slice.Client.Percentile99)),
            Numbers.Median(slices.Select(static slice => slice.ProcessorMicroseconds)),
            Numbers.Median(slices.Select(static slice => slice.ClientMicroseconds)),
            Numbers.Median(slices.Select(static slice => slice.RowsPerRun)));
    }
}
