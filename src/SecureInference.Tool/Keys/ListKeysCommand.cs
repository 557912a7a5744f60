using System.CommandLine;
using System.Text.Json;

namespace SecureInference.Tool.Keys;

/// <summary><c>keys list</c>: shows who has keys to what; never a key, and nothing that a key could be checked with.</summary>
internal sealed class ListKeysCommand(ToolConsole console, TimeProvider time, StoreOptions options)
{
    private const string Description = """
        Shows the keys of a store: id, owner, scopes, networks and state; never a key itself.

        States: active, rotating (an old secret works beside the new one), suspended, expired, ended (by 'revoke --before';
        'rotate' gives it a new secret), revoked (for good).
        """;

    private readonly LastUseOption _lastUse = new();

    public Command Create()
    {
        var command = new Command("list", Description) { _lastUse.Option };
        options.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var store = options.Open(parsed);
        var now = time.GetUtcNow();
        var file = await store.ReadAsync(cancellationToken);
        var lastUse = _lastUse.Read(parsed);
        IReadOnlyList<ListedKey> keys = [.. file.Keys.Select(row => ListedKey.From(row, file.RevokedBefore, now, lastUse?.Find(row.Id)))];

        if (options.IsJson(parsed))
        {
            console.WriteLine(JsonSerializer.Serialize(keys, KeysJson.Default.IReadOnlyListListedKey));
        }
        else if (keys.Count == 0)
        {
            console.WriteLine($"The store '{store.Path}' has no keys. 'secure-inference keys create' makes one.");
        }
        else
        {
            new KeyListView(console, withLastUse: lastUse is not null).Show(keys);
        }

        return ExitCode.Fine;
    }
}
