using System.Globalization;

namespace SecureInference.Tool.Audit;

/// <summary>Prints a report as CSV (RFC 4180), for a spreadsheet that must not take a name for a formula.</summary>
internal sealed class ReportCsv(ToolConsole console)
{
    private const string Heading = "day,caller,model,requests,answered,refused,failed,abandoned,open,rows,cost,bytes_in,bytes_out,p50_ms,p95_ms,refused_by";

    // What begins a formula in common spreadsheets, also in the wide forms that some of them read as the same.
    private const string FormulaBeginnings = "=+-@\t\r\n＝＋－＠";

    public void Show(IReadOnlyList<KeyValuePair<UsageKey, UsageCell>> groups)
    {
        console.WriteLine(Heading);
        foreach (var (key, cell) in groups)
        {
            var line = UsageLine.From(key, cell);
            console.WriteLine(string.Join(',', [
                line.Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
                Text(line.Others ? "(others)" : line.Caller ?? ""),
                Text(line.Others ? "(others)" : line.Model ?? ""),
                .. Numbers(line),
                Text(string.Join("; ", line.RefusedBy.Select(static rule => string.Create(CultureInfo.InvariantCulture, $"{rule.Key}: {rule.Value}")))),
            ]));
        }
    }

    private static IEnumerable<string> Numbers(UsageLine line) =>
        new[] { line.Requests, line.Answered, line.Refused, line.Failed, line.Abandoned, line.Open, line.Rows, line.Cost, line.BytesIn, line.BytesOut }
            .Select(static number => number.ToString(CultureInfo.InvariantCulture))
            .Append(line.P50Ms?.ToString(CultureInfo.InvariantCulture) ?? "")
            .Append(line.P95Ms?.ToString(CultureInfo.InvariantCulture) ?? "");

    private static string Text(string text)
    {
        // Leading spaces are no protection: some spreadsheets take them off first.
        var start = text.AsSpan().TrimStart();
        text = TerminalText.Clean(!start.IsEmpty && FormulaBeginnings.Contains(start[0], StringComparison.Ordinal) ? "'" + text : text);
        return "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }
}
