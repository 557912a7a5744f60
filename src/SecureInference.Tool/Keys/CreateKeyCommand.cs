using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary><c>keys create</c>: adds a key to the store, which is made if it is missing, and shows the key once.</summary>
internal sealed class CreateKeyCommand(ToolConsole console, TimeProvider time)
{
    private const string Description = """
        Makes a key for a caller, adds it to the store file, and prints the key, once. A missing file is made.

        Example, for a service that calls the model 'digits', for 90 days:
          secure-inference keys create --store keys.json \
            --owner checkout --scope model:digits:infer
        """;

    private readonly Option<string> _store = KeyOptions.Store();
    private readonly Option<bool> _json = KeyOptions.Json();

    private readonly Option<string> _owner = new("--owner")
    {
        Description = "Who will use the key: the caller's name in limits and in the audit log. Several keys may have one owner.",
        HelpName = "NAME",
        Required = true,
    };

    private readonly Option<string[]> _scopes = new("--scope")
    {
        Description = "What the key may do; repeat it for more. model:NAME:infer runs a model, model:NAME:read only looks at it "
            + "(NAME may be * for all), admin administers.",
        HelpName = "SCOPE",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _tier = new("--tier")
    {
        Description = "The rate limit that counts, by its name under SecureInference:RateLimits:Tiers. Without it the default limit does.",
        HelpName = "TIER",
    };

    private readonly Option<string> _expires = new("--expires")
    {
        Description = "When the key stops working: 90d, 12h, a date such as 2026-12-31 (its first instant, UTC), or never.",
        HelpName = "WHEN",
        DefaultValueFactory = static _ => KeyExpiry.Default,
    };

    private readonly Option<bool> _test = new("--test")
    {
        Description = "Make a test key, which servers in Production refuse.",
    };

    public Command Create()
    {
        _owner.Validators.Add(static result => KeyOptions.Check(result, KeyFields.FindOwnerProblem));
        _scopes.Validators.Add(static result => KeyOptions.Check(result, KeyFields.FindScopeProblem));
        _tier.Validators.Add(static result => KeyOptions.Check(result, KeyFields.FindTierProblem));
        _expires.Validators.Add(result => KeyOptions.Check(result, text => KeyExpiry.TryParse(text, Now(), out _, out var problem) ? null : problem));
        var command = new Command("create", Description) { _store, _owner, _scopes, _tier, _expires, _test, _json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var store = parsed.GetRequiredValue(_store);
        if (!TryReadRights(parsed, out var rights, out var expires, out var problem))
        {
            return console.Fail(ExitCode.WrongUsage, problem);
        }

        var row = new ApiKeyIssuer(static () => ApiKeyPeppers.None).Create(rights, expires, out var key);
        await new KeyStore(store, time).ChangeAsync(file => file with { Keys = [.. file.Keys, row] }, makeIfMissing: true, cancellationToken);

        try
        {
            Show(row, key, store, parsed.GetValue(_json));
            return ExitCode.Fine;
        }
        catch (IOException exception)
        {
            throw new FileTroubleException(
                $"The key {row.Id} was made, but could not be shown: {exception.Message.TrimEnd('.')}. Revoke it, and create another.", exception);
        }
    }

    private bool TryReadRights(ParseResult parsed, [NotNullWhen(true)] out ApiKeyRow? rights, out DateTimeOffset? expires, [NotNullWhen(false)] out string? problem)
    {
        var now = Now();
        rights = null;
        if (!KeyExpiry.TryParse(parsed.GetRequiredValue(_expires), now, out expires, out problem))
        {
            return false;
        }

        rights = new ApiKeyRow
        {
            Id = "",
            Environment = parsed.GetValue(_test) ? ApiKey.Test : ApiKey.Live,
            Owner = parsed.GetRequiredValue(_owner),
            Scopes = [.. parsed.GetRequiredValue(_scopes).Distinct(StringComparer.Ordinal)],
            Tier = parsed.GetValue(_tier),
            Created = now,
            Secrets = [],
        };
        return true;
    }

    private void Show(ApiKeyRow row, string key, string store, bool asJson)
    {
        if (asJson)
        {
            console.WriteLine(JsonSerializer.Serialize(CreatedKey.From(row, key), KeysJson.Default.CreatedKey));
        }
        else
        {
            new CreatedKeyView(console).Show(row, key, store);
        }
    }

    // Whole seconds: the store, the JSON and the screen show the same instant.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
}
