using System.CommandLine;
using System.Text.Json;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary><c>keys revoke</c>: ends a key for good; its row stays, for the record.</summary>
internal sealed class RevokeKeyCommand(ToolConsole console, TimeProvider time)
{
    private readonly Option<string> _store = KeyOptions.Store();
    private readonly Option<bool> _json = KeyOptions.Json();

    private readonly Argument<string> _id = new("ID")
    {
        Description = "The key's id, which 'keys list' shows; or the key itself.",
    };

    public Command Create()
    {
        var command = new Command("revoke", "Ends a key for good. A running server refuses it within a second.") { _id, _store, _json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var store = parsed.GetRequiredValue(_store);
        var given = parsed.GetRequiredValue(_id);

        // Who finds a leaked key has the key at hand, not its id.
        var id = ApiKey.TryParse(given, out var key) ? key.Id.ToString() : given;
        var now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        var found = default(ApiKeyRow);
        await new KeyStore(store, time).ChangeAsync(
            file =>
            {
                found = file.Keys.FirstOrDefault(row => row.Id == id);
                return found is null or { Revoked: not null }
                    ? null
                    : file with { Keys = [.. file.Keys.Select(row => row.Id == id ? row with { Revoked = now } : row)] };
            },
            makeIfMissing: false,
            cancellationToken);

        return found is null ? Refuse(id, store) : Report(found, now, parsed.GetValue(_json));
    }

    private int Refuse(string id, string store)
    {
        // A mistyped key is still nearly a key: it is not repeated on a screen or in a build log.
        var what = ApiKey.LooksLikeOne(id) ? "That" : $"'{id}'";
        return console.Fail(ExitCode.Refused, $"{what} is no key of the store '{store}'. 'secure-inference keys list' shows the ids; nothing was changed.");
    }

    private int Report(ApiKeyRow found, DateTimeOffset now, bool asJson)
    {
        var revoked = found.Revoked ?? now;
        if (asJson)
        {
            var answer = new RevokedKey(found.Id, found.Owner, revoked.UtcDateTime, found.Revoked is not null);
            console.WriteLine(JsonSerializer.Serialize(answer, KeysJson.Default.RevokedKey));
        }
        else if (found.Revoked is not null)
        {
            console.WriteLine($"Key {found.Id} of {found.Owner} was already revoked, at {revoked:yyyy-MM-dd HH:mm} UTC.");
        }
        else
        {
            console.WriteLine($"Key {found.Id} of {found.Owner} is revoked. Running servers refuse it within a second.");
        }

        return ExitCode.Fine;
    }
}
