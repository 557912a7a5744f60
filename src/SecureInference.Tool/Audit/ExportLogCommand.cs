using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SecureInference.Tool.Audit;

/// <summary><c>audit export</c>: writes all records as JSON lines.</summary>
internal sealed class ExportLogCommand(ToolConsole console)
{
    private const string Description = """
        Writes all records of a log as JSON, one a line, and then its checkpoints, one a line, for other programs.

        Only what verifies is written: the whole log is checked first, and records after the last checkpoint are left out.
        --unverified, in place of --public-key, writes what lies there.
        """;

    private readonly LogArguments _log = new(needsKey: false);
    private readonly Option<string> _output = new("--output") { Description = "The file to write.", HelpName = "FILE", Required = true };
    private readonly Option<bool> _unverified = new("--unverified") { Description = "Write what lies there, whether or not it was changed." };

    public Command Create()
    {
        var command = new Command("export", Description) { _output, _unverified };
        _log.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var folder = _log.Open(parsed);
        if (parsed.GetValue(_unverified) != (folder.Trusted.Count == 0))
        {
            throw new WrongUsageException("Give either --public-key, to export what verifies, or --unverified, to export what lies there.");
        }

        var path = parsed.GetRequiredValue(_output);
        RecordsRead? read = null;
        var counts = new ExportedLog(path, folder.Trusted.Count > 0, 0, 0, 0, 0);
        OutputFile.Write(path, folder, file => (read, counts) = Write(folder, file, counts));
        Tell(parsed, counts, read!);
        return read!.IsShort ? ExitCode.Refused : ExitCode.Fine;
    }

    private (RecordsRead Read, ExportedLog Counts) Write(AuditedFolder folder, OutputFile file, ExportedLog counts)
    {
        using var lines = new RecordLines();
        var unreadable = 0L;
        var records = new LogRecords(folder, new LogProgress(console, folder)) { Unreadable = (_, _) => unreadable++ };
        var written = 0L;
        var read = records.Read(record =>
        {
            Line(file, lines.Render(record));
            written++;
        });
        var checkpoints = 0L;
        new LogCheckpoints(folder).Read(read.End, checkpoint =>
        {
            Line(file, JsonSerializer.SerializeToUtf8Bytes(new ExportedCheckpoint(checkpoint.Size, Encoding.UTF8.GetString(checkpoint.Note)), AuditJson.Default.ExportedCheckpoint));
            checkpoints++;
        });
        return (read, counts with { Records = written, Checkpoints = checkpoints, UnreadableRecords = unreadable, UnsignedRecordsLeftOut = read.Unsigned });
    }

    private static void Line(OutputFile file, ReadOnlySpan<byte> line)
    {
        file.Append(line);
        file.Append("\n"u8);
    }

    private void Tell(ParseResult parsed, ExportedLog counts, RecordsRead read)
    {
        if (_log.IsJson(parsed))
        {
            console.WriteLine(JsonSerializer.Serialize(counts, AuditJson.Default.ExportedLog));
            return;
        }

        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"'{counts.File}' has {counts.Records:N0} records and {counts.Checkpoints:N0} checkpoints."));
        console.WriteLine(read.Summary);
        if (counts.UnreadableRecords > 0)
        {
            console.Fail(ExitCode.Fine, string.Create(CultureInfo.InvariantCulture, $"{counts.UnreadableRecords:N0} records cannot be read by this version of the tool, and are left out. A newer one may read them."));
        }
    }
}
