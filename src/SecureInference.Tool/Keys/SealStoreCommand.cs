using System.CommandLine;
using System.Text.Json;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary><c>keys seal</c>: seals a store with the newest pepper.</summary>
internal sealed class SealStoreCommand(ToolConsole console, StoreOptions options)
{
    private const string Description = """
        Seals a store that has no seal yet, or one that is sealed with an older version of the pepper, with the newest version.

        It asks nothing: who seals a store vouches for every row in it, whoever wrote it. Look at 'keys list' first. A store whose seal
        does not fit, or was taken away, is not sealed again: restore it from a copy.
        """;

    public Command Create()
    {
        var command = new Command("seal", Description);
        options.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var store = options.Open(parsed);
        var newest = store.Peppers.Newest ?? throw new WrongUsageException(
            $"There is no pepper to seal the store with. Name its file with --pepper-file, or set {ApiKeyPeppers.Variable}; 'secure-inference keys pepper' makes one.");

        var found = ApiKeyFile.Empty;
        await store.ChangeUncheckedAsync(
            file =>
            {
                found = file;
                Check(file, store);
                return file.Seal is not null && file.Pepper == newest ? null : file;
            },
            makeIfMissing: false,
            cancellationToken);
        return Report(found, newest, store.Path, options.IsJson(parsed));
    }

    private static void Check(ApiKeyFile file, KeyStore store)
    {
        if (file.Seal is not null)
        {
            StoreSeal.Check(file, store.Path, store.Peppers);
        }
        else if (file.Pepper is not null || file.Keys.Any(static row => row.Secrets.Any(static secret => secret.Pepper is not null)))
        {
            throw new RefusedException(
                $"The key store '{store.Path}' has no seal, but was made with a pepper: its seal was taken away. Restore it from a copy; nothing was changed.");
        }
    }

    private int Report(ApiKeyFile found, int newest, string path, bool asJson)
    {
        var wasSealed = found.Seal is not null && found.Pepper == newest;
        var needed = found.Keys
            .Where(static row => row.Revoked is null)
            .SelectMany(static row => row.Secrets)
            .Where(secret => !(secret.Created <= found.RevokedBefore) && secret.Pepper is not null && secret.Pepper != newest)
            .Select(static secret => secret.Pepper ?? 0)
            .Distinct()
            .Order()
            .ToArray();
        if (asJson)
        {
            console.WriteLine(JsonSerializer.Serialize(new SealedStore(newest, wasSealed, found.Keys.Count, needed), KeysJson.Default.SealedStore));
            return ExitCode.Fine;
        }

        console.WriteLine(
            wasSealed
                ? $"The store '{path}' was already sealed with version {newest} of the pepper."
                : $"The store '{path}' is sealed with version {newest} of the pepper. You have vouched for its {found.Keys.Count} keys.");
        if (needed.Length > 0)
        {
            console.WriteLine($"Keep version {string.Join(", ", needed)} of the pepper, too: keys were made with it. 'secure-inference keys rotate' gives them new secrets.");
        }

        return ExitCode.Fine;
    }
}
