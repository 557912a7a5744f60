namespace SecureInference.Tool.Audit;

/// <summary>Writes the page's table of who used what.</summary>
internal sealed class UsageTable(Html html)
{
    private static readonly string[] Headings = ["requests", "answered", "refused", "failed", "rows", "in", "out", "cost", "p50", "p95"];

    public void Draw(IEnumerable<KeyValuePair<UsageKey, UsageCell>> groups, UsageCell total)
    {
        html.Raw("<table><thead><tr><th class=\"name\">caller</th><th class=\"name\">model</th>");
        foreach (var heading in Headings)
        {
            html.Add($"<th>{heading}</th>");
        }

        html.Raw("</tr></thead><tbody>\n");
        foreach (var (key, cell) in groups)
        {
            html.Add($"<tr><td class=\"name\"><bdi>{UsageText.Caller(key)}</bdi></td><td class=\"name\"><bdi>{UsageText.Model(key)}</bdi></td>");
            Numbers(cell);
        }

        html.Raw("</tbody><tfoot><tr><td class=\"name\">in all</td><td></td>");
        Numbers(total);
        html.Raw("</tfoot></table>\n");
    }

    private void Numbers(UsageCell cell)
    {
        foreach (var count in (long[])[cell.Requests, cell.Answered, cell.Refused, cell.Failed, cell.Rows])
        {
            html.Add($"<td class=\"{(count == 0 ? "zero" : "count")}\">{UsageText.Count(count)}</td>");
        }

        html.Add($"<td>{UsageText.Bytes(cell.BytesIn)}</td><td>{UsageText.Bytes(cell.BytesOut)}</td><td>{UsageText.Count(cell.Cost)}</td>");
        html.Add($"<td>{UsageText.Time(cell.Percentile(0.5))}</td><td>{UsageText.Time(cell.Percentile(0.95))}</td></tr>");
    }
}
