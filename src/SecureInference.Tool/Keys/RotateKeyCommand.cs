using System.CommandLine;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary><c>keys rotate</c>: gives a key a new secret, while the old one works until the overlap ends.</summary>
internal sealed class RotateKeyCommand(ToolConsole console, TimeProvider time, StoreOptions options)
{
    private const string Description = """
        Gives a key a new secret and prints the new key, once. The old one works until the overlap ends, so that callers can change over
        in their own time; the id, the owner, the rights and the time at which the key stops working stay the same.

        Example, with a week to change over:
          secure-inference keys rotate ID --overlap 7d --store keys.json

        A secret that somebody else has seen, and whatever works beside it, ended at once:
          secure-inference keys rotate ID --end-overlap --overlap 0h --store keys.json
        """;

    private readonly Argument<string> _id = KeyId.Argument();
    private readonly Option<string> _expires = KeyOptions.Expires(
        "When the new secret stops working, where that is to be another time than before; a key that has expired needs it");

    private readonly Option<string> _overlap = new("--overlap")
    {
        Description = "How long the old secret goes on working, unless it expires before: 7d, 12h, or 0h for not at all.",
        HelpName = "TIME",
        DefaultValueFactory = static _ => KeyOverlap.Default,
    };

    private readonly Option<bool> _endOverlap = new("--end-overlap")
    {
        Description = "Where the last rotation still overlaps, and so two secrets work: end the older at once, and the newer when --overlap ends. "
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
        DateTimeOffset? expires = null;
        var isEndGiven = parsed.GetValue(_expires) is not null;
        if ((parsed.GetValue(_expires) is { } end && !KeyExpiry.TryParse(end, now, out expires, out var problem))
            || !KeyOverlap.TryParse(parsed.GetRequiredValue(_overlap), out var overlap, out problem))
        {
            throw new WrongUsageException(problem);
        }

        var key = "";
        var mayEndOverlap = parsed.GetValue(_endOverlap);
        var hasEnded = false;
        var change = await store.ChangeRowAsync(
            KeyId.Of(parsed.GetRequiredValue(_id)),
            (file, row) =>
            {
                var ready = Prepare(row, file.RevokedBefore, now, mayEndOverlap);
                hasEnded = ready.Secrets.Count < row.Secrets.Count;
                return store.Issuer.Rotate(ready, KeyTimes.Created(now, file.RevokedBefore), overlap, isEndGiven ? expires : EndOf(row, now), out key);
            },
            cancellationToken);

        var made = CreatedKey.From(change.After, key, KeyTimes.OverlapEnds(change.After, change.RevokedBefore, now));
        var remedy = made.OverlapEnds is null ? "No older one works: rotate it again." : "The old one still works until the overlap ends; then rotate it again.";
        return new CreatedKeyView(console).Show("Key rotated", made, store.Path, options.IsJson(parsed), WhatWorks(made.OverlapEnds, hasEnded), remedy);
    }

    private static string[] WhatWorks(DateTime? overlapEnds, bool hasEnded) => overlapEnds is not { } end
        ? ["No older secret works any more. Give callers this one now."]
        : hasEnded
        ? [
            $"Of the two secrets that worked, the older has ended. The newer one works until {end:yyyy-MM-dd HH:mm} UTC: give callers this one before.",
            "If that one has leaked, too: rotate again, with --end-overlap --overlap 0h.",
        ]
        : [$"The secret that callers have now works until {end:yyyy-MM-dd HH:mm} UTC. Give them this one before."];

    /// <summary>Keeps a key's end: a new secret is no reason for it to work longer, or shorter, than was decided.</summary>
    private static DateTimeOffset? EndOf(ApiKeyRow row, DateTimeOffset now) => now < row.Expires || row.Expires is null
        ? row.Expires
        : throw new RefusedException(
            $"Key {row.Id} of {row.Owner} has expired. Say when its new secret is to stop working, for example --expires 90d. Nothing was changed.");

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
