using System.CommandLine;

namespace SecureInference.Tool.Keys;

/// <summary><c>keys resume</c>: lets a suspended key work again.</summary>
internal sealed class ResumeKeyCommand(ToolConsole console, TimeProvider time, StoreOptions options)
{
    private readonly Argument<string> _id = KeyId.Argument();

    public Command Create()
    {
        var command = new Command("resume", "Lets a suspended key work again, as long as it would have.") { _id };
        options.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var store = options.Open(parsed);
        var change = await store.ChangeRowAsync(
            KeyId.Of(parsed.GetRequiredValue(_id)),
            (file, row) =>
            {
                KeyTimes.RequireNotRevoked(row, file.RevokedBefore);
                return row.Suspended is null ? null : row with { Suspended = null };
            },
            cancellationToken);

        var now = time.GetUtcNow();
        var isExpired = KeyTimes.StateOf(change.After, change.RevokedBefore, now) == KeyState.Expired;
        var what = change.IsNone ? "was not suspended" : isExpired ? "is not suspended any more, and has expired meanwhile" : "works again";
        return new KeyChangeView(console).Show(change, now, options.IsJson(parsed), what);
    }
}
