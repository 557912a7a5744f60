using System.CommandLine;
using System.Text.Json;

namespace SecureInference.Tool.Keys;

/// <summary><c>keys show</c>: everything about one key but what it is checked with.</summary>
internal sealed class ShowKeyCommand(ToolConsole console, TimeProvider time, StoreOptions options)
{
    private readonly Argument<string> _id = KeyId.Argument();
    private readonly LastUseOption _lastUse = new();

    public Command Create()
    {
        var command = new Command("show", "Shows one key: what it may do, from where, until when, and its secrets' times; never the key itself.") { _id, _lastUse.Option };
        options.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var store = options.Open(parsed);
        var id = KeyId.Of(parsed.GetRequiredValue(_id));
        var now = time.GetUtcNow();
        var file = await store.ReadAsync(cancellationToken);
        var lastUse = _lastUse.Read(parsed);
        var row = file.Keys.FirstOrDefault(row => row.Id == id) ?? throw KeyId.Unknown(id, store.Path);
        var shown = ListedKey.From(row, file.RevokedBefore, now, lastUse?.Find(id)) with
        {
            Secrets = [.. row.Secrets.Select(secret => ShownSecret.From(row, secret, file.RevokedBefore, now))],
        };

        if (options.IsJson(parsed))
        {
            console.WriteLine(JsonSerializer.Serialize(shown, KeysJson.Default.ListedKey));
        }
        else
        {
            new KeyView(console).Show(shown, withLastUse: lastUse is not null);
        }

        return ExitCode.Fine;
    }
}
