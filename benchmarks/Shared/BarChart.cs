using System.Globalization;
using System.Text;

namespace SecureInference.Results;

/// <summary>One bar of a chart.</summary>
/// <param name="Label">What stands before it.</param>
/// <param name="Value">How long it is, and what stands behind it.</param>
/// <param name="IsOurs">Whether it is drawn in the colour of what this project does.</param>
internal readonly record struct Bar(string Label, double Value, bool IsOurs);

/// <summary>Draws bars, one below the other, as SVG.</summary>
internal static class BarChart
{
    private const int LabelWidth = 230;
    private const int BarWidth = 420;
    private const int RowHeight = 26;
    private const int Top = 44;

    public static string Draw(string title, IReadOnlyList<Bar> bars)
    {
        var most = bars.Max(static bar => bar.Value);
        var svg = new StringBuilder();
        svg.AppendLine(Say($"""<svg xmlns="http://www.w3.org/2000/svg" width="{LabelWidth + BarWidth + 90}" height="{Top + (bars.Count * RowHeight) + 10}" font-family="system-ui, sans-serif" font-size="13">"""));
        svg.AppendLine("""<rect width="100%" height="100%" fill="#fff"/>""");
        svg.AppendLine(Say($"""<text x="10" y="24" font-weight="600">{title}</text>"""));
        foreach (var (index, bar) in bars.Index())
        {
            var y = Top + (index * RowHeight);
            var width = bar.Value / most * BarWidth;
            svg.AppendLine(Say($"""<text x="{LabelWidth - 10}" y="{y + 15}" text-anchor="end">{bar.Label}</text>"""));
            svg.AppendLine(Say($"""<rect x="{LabelWidth}" y="{y}" width="{width:0.0}" height="20" fill="{(bar.IsOurs ? "#2f6f4f" : "#9aa5b1")}"/>"""));
            svg.AppendLine(Say($"""<text x="{LabelWidth + width + 6:0.0}" y="{y + 15}">{bar.Value:0.0#}</text>"""));
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
