using System.CommandLine;
using System.Text;
using System.Text.Json;

namespace SecureInference.Tool.Audit;

/// <summary><c>audit report</c>: who used which model how much.</summary>
internal sealed class ReportCommand(ToolConsole console, TimeProvider time)
{
    private const string Description = """
        Adds up who used which model how much: requests, refusals by rule, failures, rows, bytes, cost, and how long answers took.

        As a table, as CSV (by day, for a spreadsheet), as JSON (by day), or as one HTML page with charts that needs nothing else.
        With --public-key the log is verified first, and only records that a checkpoint signs are counted.
        """;

    private readonly LogArguments _log = new(needsKey: false);
    private readonly Option<string?> _by = ByOption();
    private readonly Option<string?> _since = AuditInstant.Option("--since", "From when on");
    private readonly Option<string?> _until = AuditInstant.Option("--until", "Until when");
    private readonly Option<bool> _csv = new("--csv") { Description = "Print CSV. A name that a spreadsheet would take for a formula gets a quote (') before it." };
    private readonly Option<string?> _html = new("--html") { Description = "Write one HTML page, with charts.", HelpName = "FILE" };

    public Command Create()
    {
        var command = new Command("report", Description) { _by, _since, _until, _csv, _html };
        _log.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private static Option<string?> ByOption()
    {
        var option = new Option<string?>("--by") { Description = "Tell apart only callers, only models, or only days. Without it: callers and models.", HelpName = "caller|model|day" };
        option.AcceptOnlyFromAmong("caller", "model", "day");
        return option;
    }

    private int Run(ParseResult parsed)
    {
        var (isCsv, html, isJson) = (parsed.GetValue(_csv), parsed.GetValue(_html), _log.IsJson(parsed));
        if ((isCsv ? 1 : 0) + (html is null ? 0 : 1) + (isJson ? 1 : 0) > 1)
        {
            throw new WrongUsageException("Give one of --csv, --html and --json.");
        }

        var folder = _log.Open(parsed);
        var now = time.GetUtcNow();
        var period = new RecordFilter { Since = AuditInstant.Read(parsed, _since, now), Until = AuditInstant.Read(parsed, _until, now) };
        var (report, read, unreadable) = Read(folder, period);
        if (html is not null)
        {
            var page = new ReportPage(report, read, period, unreadable, now).ToString();
            OutputFile.Write(html, folder, file => file.Append(Encoding.UTF8.GetBytes(page)));
            console.WriteLine($"'{html}' has the report; open it in a browser.");
        }
        else
        {
            Print(report, read, GroupingIn(parsed), unreadable, isCsv, isJson);
        }

        console.Fail(ExitCode.Fine, read.Summary);
        return read.IsShort ? ExitCode.Refused : ExitCode.Fine;
    }

    private (UsageReport Report, RecordsRead Read, long Unreadable) Read(AuditedFolder folder, RecordFilter period)
    {
        var report = new UsageReport();
        var unreadable = 0L;
        var read = new LogRecords(folder, new LogProgress(console, folder)) { Unreadable = (_, _) => unreadable++ }.Read(record =>
        {
            if (period.IsInPeriod(record))
            {
                report.Add(record);
            }
        });
        return (report, read, unreadable);
    }

    private void Print(UsageReport report, RecordsRead read, UsageGrouping grouping, long unreadable, bool isCsv, bool isJson)
    {
        if (isCsv)
        {
            new ReportCsv(console).Show(report.Group(grouping, byDay: true));
        }
        else if (isJson)
        {
            var lines = report.Group(grouping, byDay: true).Select(static group => UsageLine.From(group.Key, group.Value)).ToList();
            console.WriteLine(JsonSerializer.Serialize(
                new UsageSummary(read.IsVerified, report.First?.UtcDateTime, report.Last?.UtcDateTime, UsageLine.From(default, report.Total()), lines)
                {
                    RefusedStrangers = report.Strangers,
                    LostRecords = report.Lost,
                    UnreadableRecords = unreadable,
                },
                AuditJson.Default.UsageSummary));
        }
        else
        {
            new ReportTable(console).Show(report, grouping);
        }
    }

    private UsageGrouping GroupingIn(ParseResult parsed) => parsed.GetValue(_by) switch
    {
        "caller" => UsageGrouping.Caller,
        "model" => UsageGrouping.Model,
        "day" => UsageGrouping.Day,
        _ => UsageGrouping.CallerAndModel,
    };
}
