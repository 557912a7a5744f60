using System.Globalization;
using SecureInference.Pipeline.Auditing;
using Spectre.Console;

namespace SecureInference.Tool.Audit;

/// <summary>Shows a person records: a table on a terminal, aligned lines elsewhere; one request in full.</summary>
internal sealed class RecordTable(ToolConsole console)
{
    private static readonly string[] Headings = ["record", "time (UTC)", "what", "caller", "model", "rows", "ms"];

    public void Show(NewestRecords newest, bool isOneRequest)
    {
        if (newest.Count == 0)
        {
            console.WriteLine("No record matches.");
        }
        else if (isOneRequest)
        {
            newest.Records.ToList().ForEach(record => new RecordView(console).Show(record));
        }
        else if (console.IsPlain)
        {
            ShowLines(newest.Records);
        }
        else
        {
            console.Write(Table(newest.Records));
        }

        if (newest.Count > newest.Records.Count)
        {
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The newest {newest.Records.Count:N0} of {newest.Count:N0} that match; --limit shows more."));
        }
    }

    private void ShowLines(IReadOnlyCollection<AuditRecord> records)
    {
        List<string[]> lines = [Headings, .. records.Select(static record => Cells(record, "yyyy-MM-ddTHH:mm:ss.fffZ"))];
        var widths = Headings.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            console.WriteLine(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    private static Table Table(IReadOnlyCollection<AuditRecord> records)
    {
        var table = new Table { Border = TableBorder.Simple, BorderStyle = new Style(decoration: Decoration.Dim) };
        foreach (var heading in Headings)
        {
            var isNumber = heading is "record" or "rows" or "ms";
            table.AddColumn(new TableColumn(heading) { NoWrap = isNumber || heading == "time (UTC)", Alignment = isNumber ? Justify.Right : Justify.Left, Padding = new Padding(0, 0, 1, 0) });
        }

        foreach (var record in records)
        {
            var cells = Cells(record, "MM-dd HH:mm:ss");
            table.AddRow(cells.Select((cell, column) => new Text(cell, column == 2 ? StyleOf(record) : Style.Plain)));
        }

        return table;
    }

    private static string[] Cells(AuditRecord record, string timeFormat) =>
    [
        RecordText.Number(record.Sequence),
        record.Time.UtcDateTime.ToString(timeFormat, CultureInfo.InvariantCulture),
        RecordText.What(record),
        TerminalText.Clean(record.Caller ?? ""),
        RecordText.Model(record),
        RecordText.Number(record.Rows),
        RecordText.Milliseconds(record.Duration),
    ];

    private static Style StyleOf(AuditRecord record) => record.Kind switch
    {
        AuditRecordKind.Decision => new Style(record.Decision == "refuse" ? Color.Yellow : Color.Default),
        AuditRecordKind.Outcome => new Style(record.Status >= 500 ? Color.Red : record.Status >= 400 ? Color.Yellow : Color.Green),
        AuditRecordKind.Refusals => new Style(Color.Yellow),
        AuditRecordKind.Gap or AuditRecordKind.Recovery => new Style(Color.Red),
        _ => new Style(decoration: Decoration.Dim),
    };
}
