using System.CommandLine;
using System.Text.Json;
using SecureInference.Pipeline.Authentication.ApiKeys;

namespace SecureInference.Tool.Keys;

/// <summary><c>keys pepper</c>: makes a pepper file, or adds the next version to it.</summary>
internal sealed class MakePepperCommand(ToolConsole console, TimeProvider time)
{
    private const string Description = """
        Makes the pepper of a key store, a secret that the store is sealed with, in a file of its own that only you may read; or adds
        the next version to that file. The pepper itself is never printed.

        Make one pepper for each store, keep it away from the store, and keep a copy: without it, a sealed store is lost.
          secure-inference keys pepper --file pepper.txt
          secure-inference keys seal --store keys.json --pepper-file pepper.txt
        """;

    private readonly Option<bool> _json = KeyOptions.Json();

    private readonly Option<string> _file = new("--file")
    {
        Description = "The pepper file, which the server reads as SecureInference:ApiKeys:PepperFile.",
        HelpName = "FILE",
        Required = true,
    };

    public Command Create()
    {
        _file.Validators.Add(static result => KeyOptions.Check(result, static path => path.Length == 0 ? "--file is empty. Name a file, for example pepper.txt." : null));
        var command = new Command("pepper", Description) { _file, _json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = parsed.GetRequiredValue(_file);
        var version = await AddAsync(path, cancellationToken);
        if (parsed.GetValue(_json))
        {
            console.WriteLine(JsonSerializer.Serialize(new MadePepper(path, version), KeysJson.Default.MadePepper));
        }
        else if (version == 1)
        {
            console.WriteLine($"The pepper file '{path}' is made. Keep a copy of it in a safe place, away from the store.");
            console.WriteLine($"Seal the store with it ('secure-inference keys seal --store FILE --pepper-file {path}'), and name it in SecureInference:ApiKeys:PepperFile.");
        }
        else
        {
            console.WriteLine($"Version {version} is added to the pepper file '{path}'. Bring it to every server first; then seal the store with it: 'secure-inference keys seal'.");
        }

        return ExitCode.Fine;
    }

    private async Task<int> AddAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var held = await StoreLock.AcquireAsync(path, time, cancellationToken);
            return ApiKeyPeppers.AddVersion(path);
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new FileTroubleException($"The folder of '{path}' does not exist. Make it, or check --file.", exception);
        }
        catch (Exception exception) when (StoreTrouble.Is(exception))
        {
            throw new FileTroubleException($"The pepper file '{path}' cannot be used: {exception.Message.TrimEnd('.')}. Nothing was changed.", exception);
        }
    }
}
