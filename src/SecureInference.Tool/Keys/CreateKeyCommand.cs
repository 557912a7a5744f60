using System.CommandLine;
using System.Globalization;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary><c>keys create</c>: adds a key to the store, which is made if it is missing, and shows the key once.</summary>
internal sealed class CreateKeyCommand(ToolConsole console, TimeProvider time, StoreOptions options)
{
    private const string Description = """
        Makes a key for a caller, adds it to the store file, and prints the key, once. A missing file is made.

        Example, for a service that calls the model 'digits', for 90 days:
          secure-inference keys create --store keys.json \
            --owner checkout --scope model:digits:infer
        """;

    // One line that waits for the key: the key is printed once, and stays out of the shell's history.
    private static readonly string[] HowToSend =
    [
        "Send it in the header x-api-key. To try, with the address of your server:",
        "  read -rs KEY && curl -H \"x-api-key: $KEY\" http://localhost:5000/v2",
        "It waits: paste the key, and press Enter.",
    ];

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

    private readonly Option<string[]> _networks = new("--network")
    {
        Description = "A network that the key works from, such as 10.0.0.0/8; repeat it for more. Without it the key works from anywhere.",
        HelpName = "CIDR",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _priority = new("--priority")
    {
        Description = "The highest priority that requests with the key may ask for: a whole number from 1, the highest of all, to 2147483647. Without it they may ask for none.",
        HelpName = "N",
    };

    private readonly Option<string> _expires = KeyOptions.Expires("When the key stops working", KeyExpiry.Default);

    private readonly Option<bool> _test = new("--test")
    {
        Description = "Make a test key, which servers in Production refuse.",
    };

    public Command Create()
    {
        _owner.Validators.Add(static result => KeyOptions.Check(result, KeyFields.FindOwnerProblem));
        _scopes.Validators.Add(static result => KeyOptions.Check(result, KeyFields.FindScopeProblem));
        _tier.Validators.Add(static result => KeyOptions.Check(result, KeyFields.FindTierProblem));
        _networks.Validators.Add(static result => KeyOptions.Check(result, KeyFields.FindNetworkProblem));
        _priority.Validators.Add(static result => KeyOptions.Check(result, KeyFields.FindPriorityProblem));
        _expires.Validators.Add(result => KeyOptions.Check(result, text => KeyExpiry.TryParse(text, time.GetUtcNow(), out _, out var problem) ? null : problem));
        var command = new Command("create", Description) { _owner, _scopes, _tier, _networks, _priority, _expires, _test };
        options.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var store = options.Open(parsed);
        var now = store.Now;
        if (!KeyExpiry.TryParse(parsed.GetRequiredValue(_expires), now, out var expires, out var problem))
        {
            throw new WrongUsageException(problem);
        }

        var rights = ReadRights(parsed);
        var (row, key) = (rights, "");
        await store.ChangeAsync(
            file =>
            {
                row = store.Issuer.Create(rights with { Created = KeyTimes.Created(now, file.RevokedBefore) }, expires, out key);
                return file with { Keys = [.. file.Keys, row] };
            },
            makeIfMissing: true,
            cancellationToken);

        return new CreatedKeyView(console).Show(
            "Key created", CreatedKey.From(row, key), store.Path, options.IsJson(parsed), HowToSend, "Revoke it, and create another.");
    }

    private ApiKeyRow ReadRights(ParseResult parsed) => new()
    {
        Id = "",
        Environment = parsed.GetValue(_test) ? ApiKey.Test : ApiKey.Live,
        Owner = parsed.GetRequiredValue(_owner),
        Scopes = [.. parsed.GetRequiredValue(_scopes).Distinct(StringComparer.Ordinal)],
        Tier = parsed.GetValue(_tier),
        Networks = parsed.GetValue(_networks) is { Length: > 0 } networks ? [.. networks.Distinct(StringComparer.Ordinal)] : null,
        Priority = parsed.GetValue(_priority) is { } priority ? int.Parse(priority, CultureInfo.InvariantCulture) : null,
        Created = default,
        Secrets = [],
    };
}
