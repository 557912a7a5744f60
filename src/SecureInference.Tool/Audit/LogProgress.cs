using System.Globalization;
using SecureInference.Pipeline.Auditing.Log;
using Spectre.Console;

namespace SecureInference.Tool.Audit;

/// <summary>Shows a person how far a long log is read, in bytes and records; nothing where a file or a program reads the output.</summary>
internal sealed class LogProgress(ToolConsole console, AuditedFolder folder)
{
    // What is shorter is done before anybody can read the line.
    private const long LeastBytes = 8 << 20;
    private const int RecordsBetween = 4096;
    private const int FrameHeader = 8;

    public T Run<T>(string what, Func<RecordVisitor, T> work) =>
        console.IsPlain || folder.Bytes is var total && total < LeastBytes
            ? work(static (_, _, _) => { })
            : console.Progress().AutoClear(true).Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .Start(context => work(Visitor(what, context.AddTask(what, maxValue: total), total)));

    private static RecordVisitor Visitor(string what, ProgressTask task, long total)
    {
        var (bytes, records) = (0L, 0L);
        return (_, record, _) =>
        {
            bytes += record.Length + FrameHeader;
            if (++records % RecordsBetween == 0)
            {
                task.Value = Math.Min(bytes, total);
                task.Description = string.Create(CultureInfo.InvariantCulture, $"{what} {bytes >> 20:N0} of {total >> 20:N0} MiB, {records:N0} records");
            }
        };
    }
}
