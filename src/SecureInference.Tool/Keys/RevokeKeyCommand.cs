using System.CommandLine;
using System.Text.Json;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary><c>keys revoke</c>: ends a key for good, or all that were made until an instant; rows stay, for the record.</summary>
internal sealed class RevokeKeyCommand(ToolConsole console, TimeProvider time, StoreOptions options)
{
    private const string Description = """
        Ends a key for good. A running server refuses it within a second, and ends the requests that are on their way with it.

        In an emergency, all secrets that were made until an instant, whoever has them:
          secure-inference keys revoke --before now --store keys.json
        'keys rotate' gives the keys that are still wanted new secrets.
        """;

    private readonly Argument<string?> _id = new("ID")
    {
        Description = "The key's id, which 'keys list' shows; or the key itself.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _before = new("--before")
    {
        Description = "In place of an ID: end every secret that was made at this time or before: now, a date such as 2026-12-31 (its first instant, UTC), "
            + "or 2026-12-31T18:00Z.",
        HelpName = "WHEN",
    };

    public Command Create()
    {
        _before.Validators.Add(result => KeyOptions.Check(result, text => KeyInstant.TryParse(text, time.GetUtcNow(), out _, out var problem) ? null : problem));
        var command = new Command("revoke", Description) { _id, _before };
        command.Validators.Add(result =>
        {
            if (result.GetValue(_id) is null == result.GetResult(_before) is null)
            {
                result.AddError("Write either the ID of a key, or --before WHEN for all secrets that were made until then.");
            }
        });
        options.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var store = options.Open(parsed);
        var isJson = options.IsJson(parsed);
        return parsed.GetValue(_before) is { } before
            ? new RevokeAllBefore(console, store).RunAsync(before, isJson, cancellationToken)
            : RevokeAsync(store, KeyId.Of(parsed.GetValue(_id) ?? ""), isJson, cancellationToken);
    }

    private async Task<int> RevokeAsync(KeyStore store, string id, bool asJson, CancellationToken cancellationToken)
    {
        var now = store.Now;
        var change = await store.ChangeRowAsync(id, (_, row) => row.Revoked is not null ? null : row with { Revoked = now }, cancellationToken);
        return Report(change.Before, now, asJson);
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
