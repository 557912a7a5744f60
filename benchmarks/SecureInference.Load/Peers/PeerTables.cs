using System.Globalization;
using System.Text;

namespace SecureInference.Load.Peers;

/// <summary>Makes a run's tables: medians, and medians of the ratios that two servers had in the same round.</summary>
internal static class PeerTables
{
    private static readonly string[] Bases = ["bare Kestrel", "lean, no guards", "floor, no guards", "hand-written guards", "ours, guards off"];

    public static string Write(PeerResults results)
    {
        var text = new StringBuilder();
        var rounds = results.Rows.Max(static row => row.Round);
        text.AppendLine(Say($"{results.Machine}; {results.Date}; medians of {rounds} interleaved rounds. Ratios are of processor time, medians of the rounds' own ratios."));
        foreach (var group in results.Rows.GroupBy(static row => (row.Form, row.Connections)))
        {
            Write(text, results, group.Key.Form, group.Key.Connections, [.. group.Select(static row => row.Peer).Distinct()]);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, PeerResults results, string form, int connections, IReadOnlyList<string> peers)
    {
        string[] bases = [.. Bases.Where(peers.Contains)];
        text.AppendLine().AppendLine(Say($"{form}, {connections} connections")).AppendLine();
        text.Append("| server | CPU µs/request | allocated B/request | requests/s | p50 µs | p99 µs |").AppendJoin("", bases.Select(static to => $" to {to} |")).AppendLine();
        text.Append("| --- | ---: | ---: | ---: | ---: | ---: |").Append(string.Concat(Enumerable.Repeat(" ---: |", bases.Length))).AppendLine();
        foreach (var peer in peers)
        {
            var rows = results.Of(peer, form, connections);
            var failed = rows.Sum(static row => row.Failed);
            text.Append(Say(
                $"| {peer}{(failed == 0 ? "" : Say($" ({failed} failed)"))} | {Median(rows, static row => row.ProcessorMicroseconds):0.0} | {Median(rows, static row => row.Bytes):N0} | {Median(rows, static row => row.RequestsPerSecond):N0} | {Median(rows, static row => row.Median):N0} | {Median(rows, static row => row.Percentile99):N0} |"));
            foreach (var to in bases)
            {
                text.Append(Say($" {Ratio(results, peer, to, form, connections):0.00} |"));
            }

            text.AppendLine();
        }
    }

    public static double Ratio(PeerResults results, string peer, string to, string form, int connections) => Numbers.MedianRatio(
        results.Of(peer, form, connections).Select(static row => row.ProcessorMicroseconds), results.Of(to, form, connections).Select(static row => row.ProcessorMicroseconds));

    private static double Median(IEnumerable<PeerRow> rows, Func<PeerRow, double> value) => Numbers.Median(rows.Select(value));

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
