using System.Globalization;
using System.Text;

namespace SecureInference.Load.Peers;

/// <summary>Draws a run's processor time as bars.</summary>
internal static class PeerChart
{
    private const int LabelWidth = 230;
    private const int BarWidth = 420;
    private const int RowHeight = 26;
    private const int Top = 44;

    public static string Draw(PeerResults results, string form, int connections)
    {
        var bars = results.Rows.Where(row => row.Form == form && row.Connections == connections).Select(static row => row.Peer).Distinct()
            .Select(peer => (Peer: peer, Time: Numbers.Median(results.Of(peer, form, connections).Select(static row => row.ProcessorMicroseconds)))).ToList();
        var most = bars.Max(static bar => bar.Time);
        var svg = new StringBuilder();
        svg.AppendLine(Say($"""<svg xmlns="http://www.w3.org/2000/svg" width="{LabelWidth + BarWidth + 90}" height="{Top + (bars.Count * RowHeight) + 10}" font-family="system-ui, sans-serif" font-size="13">"""));
        svg.AppendLine("""<rect width="100%" height="100%" fill="#fff"/>""");
        svg.AppendLine(Say($"""<text x="10" y="24" font-weight="600">Processor time of a request, {form}, {connections} connections (µs)</text>"""));
        foreach (var (index, bar) in bars.Index())
        {
            var y = Top + (index * RowHeight);
            var width = bar.Time / most * BarWidth;
            var color = bar.Peer.StartsWith("ours", StringComparison.Ordinal) ? "#2f6f4f" : "#9aa5b1";
            svg.AppendLine(Say($"""<text x="{LabelWidth - 10}" y="{y + 15}" text-anchor="end">{bar.Peer}</text>"""));
            svg.AppendLine(Say($"""<rect x="{LabelWidth}" y="{y}" width="{width:0.0}" height="20" fill="{color}"/>"""));
            svg.AppendLine(Say($"""<text x="{LabelWidth + width + 6:0.0}" y="{y + 15}">{bar.Time:0.0}</text>"""));
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
