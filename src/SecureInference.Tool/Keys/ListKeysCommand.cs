using System.CommandLine;
using System.Text.Json;

namespace SecureInference.Tool.Keys;

/// <summary><c>keys list</c>: shows who has keys to what; never a key, and nothing that a key could be checked with.</summary>
internal sealed class ListKeysCommand(ToolConsole console, TimeProvider time)
{
    private readonly Option<string> _store = KeyOptions.Store();
    private readonly Option<bool> _json = KeyOptions.Json();

    public Command Create()
    {
        var command = new Command("list", "Shows the keys of a store: id, owner, scopes and state; never a key itself.") { _store, _json };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var store = parsed.GetRequiredValue(_store);
        var now = time.GetUtcNow();
        IReadOnlyList<ListedKey> keys = [.. new KeyStore(store, time).Read().Keys.Select(row => ListedKey.From(row, now))];

        if (parsed.GetValue(_json))
        {
            console.WriteLine(JsonSerializer.Serialize(keys, KeysJson.Default.IReadOnlyListListedKey));
        }
        else if (keys.Count == 0)
        {
            console.WriteLine($"The store '{store}' has no keys. 'secure-inference keys create' makes one.");
        }
        else
        {
            new KeyListView(console).Show(keys);
        }

        return ExitCode.Fine;
    }
}
