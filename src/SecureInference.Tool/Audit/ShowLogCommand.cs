using System.CommandLine;
using SecureInference.Pipeline.Auditing;
using SecureInference.Pipeline.Auditing.Records;

namespace SecureInference.Tool.Audit;

/// <summary><c>audit show</c>: what happened, filtered.</summary>
internal sealed class ShowLogCommand(ToolConsole console, TimeProvider time)
{
    private const int TableLimit = 200;
    private const int MaxLimit = 1_000_000;

    private const string Description = """
        Shows what happened: decisions, outcomes, refusals of strangers, and what the log says of itself.

        With --public-key the whole log is verified first, and only records that a checkpoint signs are shown.
        Without it the records are shown as they lie there, and may have been changed.
        """;

    private readonly LogArguments _log = new(needsKey: false);
    private readonly Option<string?> _caller = new("--caller") { Description = "Only this caller, by the name that records have.", HelpName = "NAME" };
    private readonly Option<string?> _model = new("--model") { Description = "Only this model.", HelpName = "NAME" };
    private readonly Option<string?> _request = new("--request") { Description = "Only this request, with everything that was recorded of it.", HelpName = "ID" };
    private readonly Option<string?> _since = AuditInstant.Option("--since", "From when on");
    private readonly Option<string?> _until = AuditInstant.Option("--until", "Until when");
    private readonly Option<string?> _decision = DecisionOption();
    private readonly Option<int?> _limit = LimitOption();

    public Command Create()
    {
        var command = new Command("show", Description) { _caller, _model, _request, _decision, _since, _until, _limit };
        _log.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private static Option<string?> DecisionOption()
    {
        var option = new Option<string?>("--decision") { Description = "Only decisions to allow, or to refuse.", HelpName = "allow|refuse" };
        option.AcceptOnlyFromAmong("allow", "refuse");
        return option;
    }

    private static Option<int?> LimitOption()
    {
        var option = new Option<int?>("--limit")
        {
            Description = $"Only the newest N that match. Without it: {TableLimit} in a table, all as JSON.",
            HelpName = "N",
        };
        option.Validators.Add(static result =>
        {
            if (!(result.GetValueOrDefault<int?>() is >= 1 and <= MaxLimit))
            {
                result.AddError($"--limit wants a number from 1 to {MaxLimit}.");
            }
        });
        return option;
    }

    private int Run(ParseResult parsed)
    {
        var folder = _log.Open(parsed);
        var filter = FilterIn(parsed);
        var limit = parsed.GetValue(_limit);
        var isJson = _log.IsJson(parsed);
        var newest = isJson && limit is null ? null : new NewestRecords(limit ?? TableLimit);
        using var lines = new RecordLines(console);
        var read = Records(folder).Read(record =>
        {
            if (filter.Passes(record))
            {
                (newest is null ? lines.Write : (Action<AuditRecord>)newest.Add)(record);
            }
        });
        Show(newest, lines, isJson, filter.RequestId is not null);

        // Beside the records, so that a program which reads them is told too.
        console.Fail(ExitCode.Fine, read.Summary);
        return read.IsShort ? ExitCode.Refused : ExitCode.Fine;
    }

    private void Show(NewestRecords? newest, RecordLines lines, bool isJson, bool isOneRequest)
    {
        if (newest is null)
        {
            return;
        }

        if (isJson)
        {
            newest.Records.ToList().ForEach(lines.Write);
        }
        else
        {
            new RecordTable(console).Show(newest, isOneRequest);
        }
    }

    private LogRecords Records(AuditedFolder folder) => new(folder, new LogProgress(console, folder))
    {
        Unreadable = (sequence, problem) => console.Fail(ExitCode.Fine, $"Record {sequence} cannot be read: {problem}. A newer version of the tool may read it."),
    };

    private RecordFilter FilterIn(ParseResult parsed)
    {
        var request = parsed.GetValue(_request);
        return new RecordFilter
        {
            Caller = parsed.GetValue(_caller),
            Model = parsed.GetValue(_model),
            Decision = parsed.GetValue(_decision),
            RequestId = request is null || RequestName.TryParse(request, out _) ? request : throw RequestId.Malformed(request),
            Since = AuditInstant.Read(parsed, _since, time.GetUtcNow()),
            Until = AuditInstant.Read(parsed, _until, time.GetUtcNow()),
        };
    }
}
