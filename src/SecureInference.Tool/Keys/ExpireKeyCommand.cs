using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary><c>keys expire</c>: sets when a key stops working, earlier or later than it did.</summary>
internal sealed class ExpireKeyCommand(ToolConsole console, TimeProvider time, StoreOptions options)
{
    private const string Description = """
        Sets when a key stops working, earlier or later than before. A key that has expired stays so: 'keys rotate' gives it a new secret.

        Example, for a key that is needed to the end of the year:
          secure-inference keys expire ID --at 2027-01-01 --store keys.json
        """;

    private readonly Argument<string> _id = KeyId.Argument();

    private readonly Option<string> _at = new("--at")
    {
        Description = "When: now, 90d, 12h, a date such as 2026-12-31 (its first instant, UTC), or never.",
        HelpName = "WHEN",
        Required = true,
    };

    public Command Create()
    {
        _at.Validators.Add(result => KeyOptions.Check(result, text => TryParse(text, time.GetUtcNow(), out _, out var problem) ? null : problem));
        var command = new Command("expire", Description) { _id, _at };
        options.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var store = options.Open(parsed);
        var now = store.Now;
        if (!TryParse(parsed.GetRequiredValue(_at), now, out var at, out var problem))
        {
            throw new WrongUsageException(problem);
        }

        var change = await store.ChangeRowAsync(
            KeyId.Of(parsed.GetRequiredValue(_id)), (file, row) => Change(row, file.RevokedBefore, now, at), cancellationToken);
        var what = at is null ? "does not expire any more" : at <= now ? "has expired" : $"expires at {at:yyyy-MM-dd HH:mm} UTC";
        return new KeyChangeView(console).Show(change, now, options.IsJson(parsed), what);
    }

    private static ApiKeyRow Change(ApiKeyRow row, DateTimeOffset? revokedBefore, DateTimeOffset now, DateTimeOffset? at)
    {
        KeyTimes.RequireNotRevoked(row, revokedBefore);
        if (now >= row.Expires)
        {
            throw new RefusedException($"Key {row.Id} of {row.Owner} has expired, and stays so: 'secure-inference keys rotate' gives it a new secret. Nothing was changed.");
        }

        // An older secret of a rotation is never made to work longer.
        return row with
        {
            Secrets = [.. row.Secrets.Select((secret, index) =>
                index == row.Secrets.Count - 1 || secret.Expires is null || at < secret.Expires ? secret with { Expires = at } : secret)],
        };
    }

    private static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset? at, [NotNullWhen(false)] out string? problem)
    {
        at = now;
        problem = null;
        return text == KeyInstant.Now || KeyExpiry.TryParse(text, now, out at, out problem);
    }
}
