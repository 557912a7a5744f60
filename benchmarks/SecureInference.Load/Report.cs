using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SecureInference.Load;

/// <summary>Writes down what was measured, for people and for machines.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string ToJson(IReadOnlyList<NetReport> nets) => JsonSerializer.Serialize(
        nets.Select(static net => new { Net = net.Net.Name, net.Net.Layers, net.Failed, OthersMedian = Numbers.Median(net.Others), OthersMost = net.Others.Max(), BareRows = net.BestRows, BareRowsPerSecond = net.BareMedians, Rows = RowsOf(net) }), Json);

    public static string ToJson(IReadOnlyList<FairReport> nets) => JsonSerializer.Serialize(
        nets.Select(static net => new { net.Net, net.Polite, net.Greedy, net.Failed, net.Alone, net.Beside, net.Greed, Percentile99Ratio = net.Ratio(static slice => slice.Percentile99) }), Json);

    public static string ToTable(IReadOnlyList<FairReport> nets)
    {
        var text = new StringBuilder();
        text.AppendLine("| net | polite, greedy connections | rows/s alone | beside | of the greedy | p50 ms alone | beside | times | p99 ms alone | beside | times |");
        text.AppendLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var net in nets)
        {
            text.AppendLine(Say(
                $"| {net.Net} | {net.Polite}, {net.Greedy} | {net.Median(net.Alone, Rate):N0} | {net.Median(net.Beside, Rate):N0} | {net.Median(net.Greed, Rate):N0} | {net.Median(net.Alone, Half) / 1000:0.00} | {net.Median(net.Beside, Half) / 1000:0.00} | {net.Ratio(Half):0.00} | {net.Median(net.Alone, Most) / 1000:0.00} | {net.Median(net.Beside, Most) / 1000:0.00} | {net.Ratio(Most):0.00} |"));
        }

        return text.ToString();

        static double Rate(ClientSlice slice) => slice.RowsPerSecond;
        static double Half(ClientSlice slice) => slice.Median;
        static double Most(ClientSlice slice) => slice.Percentile99;
    }

    public static string ToTables(IReadOnlyList<NetReport> nets)
    {
        var text = new StringBuilder();
        foreach (var net in nets)
        {
            var bare = string.Join(", ", net.BareMedians.Select(static pair => Say($"{pair.Value:N0} ({pair.Key})")));
            text.AppendLine().AppendLine(Say($"{net.Net.Name}, {string.Join('→', net.Net.Layers)}; bare, rows a second (rows of a run): {bare}{(net.Failed == 0 ? "" : Say($"; {net.Failed} answers were not 200"))}"));
            text.AppendLine(Say($"Others took {Numbers.Median(net.Others):P0} of the processors meanwhile (median), at most {net.Others.Max():P0}."));
            text.AppendLine();
            text.AppendLine("| connections | batching | rows/s | to bare | to off | p50 µs | to off | p99 µs | server CPU µs/request | client CPU µs/request | rows/run |");
            text.AppendLine("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
            foreach (var row in RowsOf(net))
            {
                text.AppendLine(Say(
                    $"| {row.Connections} | {row.Variant} | {row.RowsPerSecond:N0} | {row.ToBare:0.00} | {row.ToOff:0.00} | {row.MedianMicroseconds:N0} | {row.MedianToOff:0.00} | {row.Percentile99Microseconds:N0} | {row.ProcessorMicroseconds:N0} | {row.ClientMicroseconds:N0} | {row.RowsPerRun:0.0} |"));
            }
        }

        return text.ToString();
    }

    private static IEnumerable<ReportRow> RowsOf(NetReport net) =>
        net.Levels.SelectMany(level => new[] { ReportRow.Of(net, level, "off", level.Off), ReportRow.Of(net, level, "on", level.On) });

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
