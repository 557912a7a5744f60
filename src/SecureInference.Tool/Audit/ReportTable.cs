using System.Globalization;
using Spectre.Console;

namespace SecureInference.Tool.Audit;

/// <summary>Shows a person a report: a table on a terminal, aligned lines elsewhere.</summary>
internal sealed class ReportTable(ToolConsole console)
{
    // What a terminal of eighty characters has no room for is left out there; JSON and CSV have all.
    private const int WideTerminal = 120;

    private static readonly (string Heading, bool IsNarrow, Func<UsageCell, string> Cell)[] Columns =
    [
        ("requests", true, static cell => UsageText.Count(cell.Requests)),
        ("refused", true, static cell => UsageText.Count(cell.Refused)),
        ("failed", true, static cell => UsageText.Count(cell.Failed)),
        ("left", false, static cell => UsageText.Count(cell.Abandoned)),
        ("rows", true, static cell => UsageText.Count(cell.Rows)),
        ("in", false, static cell => UsageText.Bytes(cell.BytesIn)),
        ("out", false, static cell => UsageText.Bytes(cell.BytesOut)),
        ("cost", false, static cell => UsageText.Count(cell.Cost)),
        ("p50", true, static cell => UsageText.Time(cell.Percentile(0.5))),
        ("p95", true, static cell => UsageText.Time(cell.Percentile(0.95))),
    ];

    private bool HasAll => console.IsPlain || console.Width >= WideTerminal;

    public void Show(UsageReport report, UsageGrouping grouping)
    {
        var groups = report.Group(grouping, byDay: false);
        if (groups.Count == 0)
        {
            console.WriteLine("No request lies in this period.");
            return;
        }

        List<string[]> lines = [.. groups.Select(group => Cells(group.Key, group.Value, grouping)), Cells(default, report.Total(), grouping)];
        Array.Fill(lines[^1], "", 0, NameColumns(grouping).Length);
        lines[^1][0] = "in all";
        string[] headings = [.. NameColumns(grouping), .. Columns.Where(column => column.IsNarrow || HasAll).Select(static column => column.Heading)];
        if (console.IsPlain)
        {
            ShowLines([headings, .. lines], NameColumns(grouping).Length);
        }
        else
        {
            console.Write(Table(headings, lines, NameColumns(grouping).Length));
        }

        ShowRules("refused", report.Total().Rules);
        ShowRules("refused strangers", report.Strangers);
        if (report.Lost > 0)
        {
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Lost:N0} records were lost for lack of room; what they would have said is missing here."));
        }
    }

    private static string[] NameColumns(UsageGrouping grouping) => grouping switch
    {
        UsageGrouping.Caller => ["caller"],
        UsageGrouping.Model => ["model"],
        UsageGrouping.Day => ["day"],
        UsageGrouping.CallerAndModel => ["caller", "model"],
        _ => throw new ArgumentOutOfRangeException(nameof(grouping), grouping, null),
    };

    private string[] Cells(UsageKey key, UsageCell cell, UsageGrouping grouping) =>
    [
        .. NameColumns(grouping).Select(name => name switch
        {
            "caller" => UsageText.Caller(key),
            "model" => UsageText.Model(key),
            _ => key.Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "(others)",
        }),
        .. Columns.Where(column => column.IsNarrow || HasAll).Select(column => column.Cell(cell)),
    ];

    private void ShowLines(List<string[]> lines, int names)
    {
        var widths = lines[0].Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            console.WriteLine(string.Join("  ", line.Select((cell, column) => column < names ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());
        }
    }

    private static Table Table(string[] headings, List<string[]> lines, int names)
    {
        var table = new Table { Border = TableBorder.Simple, BorderStyle = new Style(decoration: Decoration.Dim) };
        foreach (var (column, heading) in headings.Index())
        {
            table.AddColumn(new TableColumn(heading) { NoWrap = column >= names, Alignment = column < names ? Justify.Left : Justify.Right, Padding = new Padding(0, 0, 1, 0) });
        }

        foreach (var line in lines)
        {
            var style = ReferenceEquals(line, lines[^1]) ? new Style(decoration: Decoration.Bold) : Style.Plain;
            table.AddRow(line.Select(cell => new Text(cell, style)));
        }

        return table;
    }

    private void ShowRules(string name, IReadOnlyDictionary<string, long> rules)
    {
        if (rules.Count > 0)
        {
            var list = rules.OrderByDescending(static rule => rule.Value).ThenBy(static rule => rule.Key, StringComparer.Ordinal)
                .Select(static rule => $"{rule.Key} {UsageText.Count(rule.Value)}");
            console.WriteLine($"{name}: {string.Join(", ", list)}");
        }
    }
}
