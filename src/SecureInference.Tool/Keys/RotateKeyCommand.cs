using System.CommandLine;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary><c>keys rotate</c>: gives a key a new secret, while the old one works until the overlap ends.</summary>
internal sealed class RotateKeyCommand(ToolConsole console, TimeProvider time, StoreOptions options)
{
    private const string Description = """
        Gives a key a new secret and prints the new key, once. The old one works until the overlap ends, so that callers can change over
        in their own time; the id, the owner and the rights stay the same.

        Example, with a week to change over:
          secure-inference keys rotate ID --overlap 7d --store keys.json

        A secret that somebody else has seen: --overlap 0h ends the old one at once.
        """;

    private readonly Argument<string> _id = KeyId.Argument();
    private readonly Option<string> _expires = KeyOptions.Expires("When the new secret stops working");

    private readonly Option<string> _overlap = new("--overlap")
    {
        Description = "How long the old secret goes on working, unless it expires before: 7d, 12h, or 0h for not at all.",
        HelpName = "TIME",
        DefaultValueFactory = static _ => KeyOverlap.Default,
    };

    private readonly Option<bool> _endOverlap = new("--end-overlap")
    {
        Description = "Where the last rotation still overlaps, end that first: the secret before the newest stops working at once. "
            + "Without it such a key is not rotated again.",
    };

    public Command Create()
    {
        _overlap.Validators.Add(static result => KeyOptions.Check(result, text => KeyOverlap.TryParse(text, out _, out var problem) ? null : problem));
        _expires.Validators.Add(result => KeyOptions.Check(result, text => KeyExpiry.TryParse(text, time.GetUtcNow(), out _, out var problem) ? null : problem));
        var command = new Command("rotate", Description) { _id, _overlap, _expires, _endOverlap };
        options.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var store = options.Open(parsed);
        var now = store.Now;
        if (!KeyExpiry.TryParse(parsed.GetRequiredValue(_expires), now, out var expires, out var problem)
            || !KeyOverlap.TryParse(parsed.GetRequiredValue(_overlap), out var overlap, out problem))
        {
            throw new WrongUsageException(problem);
        }

        var key = "";
        var mayEndOverlap = parsed.GetValue(_endOverlap);
        var change = await store.ChangeRowAsync(
            KeyId.Of(parsed.GetRequiredValue(_id)),
            (file, row) =>
            {
                var ready = Prepare(row, file.RevokedBefore, now, mayEndOverlap);
                return store.Issuer.Rotate(ready, KeyTimes.Created(now, file.RevokedBefore), overlap, expires, out key);
            },
            cancellationToken);

        var made = CreatedKey.From(change.After, key, KeyTimes.OverlapEnds(change.After, change.RevokedBefore, now));
        return new CreatedKeyView(console).Show(
            "Key rotated", made, store.Path, options.IsJson(parsed), "The old one still works until the overlap ends; then rotate it again.");
    }

    private static ApiKeyRow Prepare(ApiKeyRow row, DateTimeOffset? revokedBefore, DateTimeOffset now, bool mayEndOverlap)
    {
        if (row.Revoked is not null)
        {
            throw new RefusedException($"Key {row.Id} of {row.Owner} is revoked, and stays so. Create another; nothing was changed.");
        }

        if (KeyTimes.OverlapEnds(row, revokedBefore, now) is not { } end)
        {
            return row;
        }

        return mayEndOverlap
            ? row with { Secrets = [row.Secrets[^1]] }
            : throw new RefusedException(
                $"Key {row.Id} of {row.Owner} is being rotated: an older secret works until {end:yyyy-MM-dd HH:mm} UTC. "
                + "Wait until then, or end that secret now with --end-overlap; nothing was changed.");
    }
}
