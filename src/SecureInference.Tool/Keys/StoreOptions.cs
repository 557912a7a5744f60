using System.CommandLine;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary>The options that say which store a command works on, what it is sealed with, and how the answer is printed.</summary>
/// <param name="time">The clock.</param>
/// <param name="pepper">What the environment variable for the pepper holds.</param>
internal sealed class StoreOptions(TimeProvider time, string? pepper)
{
    private readonly Option<string> _store = KeyOptions.Store();
    private readonly Option<bool> _json = KeyOptions.Json();

    private readonly Option<string?> _pepperFile = new("--pepper-file")
    {
        Description = $"The file with the pepper of the store, where the store is sealed. Without it, {ApiKeyPeppers.Variable} counts.",
        HelpName = "FILE",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_store);
        command.Add(_pepperFile);
        command.Add(_json);
    }

    public string PathIn(ParseResult parsed) => parsed.GetRequiredValue(_store);

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Opens the store that the command line names.</summary>
    /// <exception cref="FileTroubleException">The pepper cannot be read.</exception>
    public KeyStore Open(ParseResult parsed)
    {
        var file = parsed.GetValue(_pepperFile);
        if (file is not null && pepper is not null)
        {
            throw new WrongUsageException($"The pepper is given twice: by --pepper-file and by {ApiKeyPeppers.Variable}. Remove one of them.");
        }

        try
        {
            return new KeyStore(PathIn(parsed), ApiKeyPeppers.Find(file, pepper), time);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileTroubleException($"The pepper file '{file}' does not exist. Check --pepper-file; 'secure-inference keys pepper' makes one.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new FileTroubleException(exception.Message, exception);
        }
    }
}
