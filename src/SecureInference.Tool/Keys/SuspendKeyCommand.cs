using System.CommandLine;

namespace SecureInference.Tool.Keys;

/// <summary><c>keys suspend</c>: stops a key until it is resumed.</summary>
internal sealed class SuspendKeyCommand(ToolConsole console, TimeProvider time, StoreOptions options)
{
    private readonly Argument<string> _id = KeyId.Argument();

    public Command Create()
    {
        var command = new Command("suspend", "Stops a key for a time: it works again after 'keys resume'. A running server refuses it within a second.") { _id };
        options.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var store = options.Open(parsed);
        var now = store.Now;
        var change = await store.ChangeRowAsync(
            KeyId.Of(parsed.GetRequiredValue(_id)),
            (file, row) =>
            {
                KeyTimes.RequireNotRevoked(row, file.RevokedBefore);
                return row.Suspended is not null ? null : row with { Suspended = now };
            },
            cancellationToken);

        var what = change.IsNone ? $"was already suspended, at {change.Before.Suspended:yyyy-MM-dd HH:mm} UTC" : "is suspended";
        return new KeyChangeView(console).Show(change, time.GetUtcNow(), options.IsJson(parsed), what);
    }
}
