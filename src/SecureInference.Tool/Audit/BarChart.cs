namespace SecureInference.Tool.Audit;

/// <summary>Draws who or what comes first: a bar for each of the largest, with its number.</summary>
internal static class BarChart
{
    private const int MaxBars = 8;
    private const int MaxName = 40;
    private const double Width = 500;
    private const double Row = 40;

    public static void Draw(Html html, IEnumerable<(string Name, long Count)> items, string style)
    {
        var bars = items.OrderByDescending(static item => item.Count).ToList();
        if (bars.Count == 0)
        {
            html.Raw("<p class=\"empty\">None in this period.</p>\n");
            return;
        }

        var rest = bars.Count > MaxBars ? MaxBars - 1 : bars.Count;
        if (bars.Count > MaxBars)
        {
            bars = [.. bars[..(MaxBars - 1)], ($"{bars.Count - MaxBars + 1} more", SaturatingSum.Of(bars[(MaxBars - 1)..].Select(static item => item.Count)))];
        }

        var most = Math.Max(bars.Max(static bar => bar.Count), 1);
        html.Add($"<svg viewBox=\"0 0 {Width} {Row * bars.Count}\" role=\"list\">");
        foreach (var (index, (name, count)) in bars.Index())
        {
            var y = index * Row;
            html.Add($"<g role=\"listitem\"><title>{name}: {UsageText.Count(count)}</title><text class=\"strong\" x=\"0\" y=\"{y + 14}\"><tspan direction=\"ltr\" unicode-bidi=\"isolate\">{Cut(name)}</tspan></text>");
            html.Add($"<text x=\"{Width}\" y=\"{y + 14}\" text-anchor=\"end\">{UsageText.Count(count)}</text>");
            html.Add($"<rect class=\"track\" x=\"0\" y=\"{y + 21}\" width=\"{Width}\" height=\"8\" rx=\"4\"/>");
            html.Add($"<rect class=\"{(index == rest ? "left" : style)}\" x=\"0\" y=\"{y + 21}\" width=\"{Math.Max(Width * ((double)count / most), 4)}\" height=\"8\" rx=\"4\"/></g>");
        }

        html.Raw("</svg>\n");
    }

    // By whole characters as people see them: a cut must not leave half of one.
    private static string Cut(string name)
    {
        var info = new System.Globalization.StringInfo(name);
        return info.LengthInTextElements <= MaxName ? name : info.SubstringByTextElements(0, MaxName - 1) + "…";
    }
}
