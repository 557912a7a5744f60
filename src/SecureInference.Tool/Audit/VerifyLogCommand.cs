using System.CommandLine;
using System.Text.Json;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tool.Audit;

/// <summary><c>audit verify</c>: was anything changed, removed or added?</summary>
internal sealed class VerifyLogCommand(ToolConsole console)
{
    private const string Description = """
        Reads every byte of a log and checks it: checksums, the tree over all records, every signature. The server may go on meanwhile.

        Without --checkpoint it shows that the log is whole and signed by the key; not that it is all there was.
        A checkpoint that you got earlier, from elsewhere, finds a tail that was cut off, an older copy, and a second history.
        Two or more of them, given together, must be of one history.

        Each kind of failure has an exit code of its own, from 10 on.
        """;

    private readonly LogArguments _log = new(needsKey: true);

    private readonly Option<string[]> _checkpoint = new("--checkpoint")
    {
        Description = "A checkpoint that was kept elsewhere, or a file of many; the log must go on from each. Repeat it for more.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _finished = new("--finished") { Description = "The log is not in use: an end within a frame is a failure then." };

    public Command Create()
    {
        var command = new Command("verify", Description) { _checkpoint, _finished };
        _log.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var folder = _log.Open(parsed);
        var known = new List<Checkpoint>();
        var diary = new LogDiary();
        if (KnownCheckpoint.Read(folder, parsed.GetValue(_checkpoint) ?? [], known) is { } wrong)
        {
            return Answer(parsed, new LogVerification { Failure = wrong, Origin = "", Root = [] }, diary, known);
        }

        var verification = new LogProgress(console, folder).Run("Checking", visitor => folder.Verify(
            (sequence, record, leaf) =>
            {
                visitor(sequence, record, leaf);
                diary.Add(record, sequence);
            },
            known,
            parsed.GetValue(_finished)));
        return Answer(parsed, verification, diary, known);
    }

    private int Answer(ParseResult parsed, LogVerification verification, LogDiary diary, IReadOnlyList<Checkpoint> known)
    {
        if (_log.IsJson(parsed))
        {
            console.WriteLine(JsonSerializer.Serialize(VerifiedLog.Of(verification, diary, known), AuditJson.Default.VerifiedLog));
            return verification.Failure is { } found ? LogFailureExit.CodeOf(found.Kind) : ExitCode.Fine;
        }

        if (verification.Failure is { } failure)
        {
            return LogFailureView.Show(console, failure);
        }

        new VerificationView(console).Show(verification, diary, known);
        return ExitCode.Fine;
    }
}
