using System.CommandLine;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tool.Models.Encryption;

/// <summary>A command that writes an encrypted model anew, for other keys.</summary>
internal abstract class KeyChangeCommand(ToolConsole console, string name, string description)
{
    private readonly Argument<string> _input = EncryptionOptions.Input("The encrypted model.");
    private readonly Option<string[]> _identities = ModelKeys.Identities();
    private readonly Option<string?> _passphraseFile = ModelKeys.PassphraseFile("that opens the model now");
    private readonly Option<string[]> _recipients = ModelKeys.Recipients();
    private readonly Option<string[]> _wrappingKeys = ModelKeys.WrappingKeys();
    private readonly Option<string?> _output = EncryptionOptions.OutputElsewhere();
    private readonly Option<bool> _force = EncryptionOptions.Force();
    private readonly Option<bool> _json = EncryptionOptions.Json();

    public Command Create()
    {
        var command = new Command(name, description) { _input, _identities, _passphraseFile, _recipients, _wrappingKeys, _output, _force, _json };
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>Says in words what was done.</summary>
    protected abstract string Describe(string output);

    /// <summary>Writes the new file.</summary>
    /// <param name="file">The old one, whose header was opened.</param>
    /// <param name="target">Where to.</param>
    /// <param name="recipients">The keys that open the new one.</param>
    /// <param name="isQuiet">Whether nothing may be shown of how far it is.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    protected abstract Task WriteAsync(OpenedAgeFile file, Stream target, IReadOnlyList<IAgeRecipient> recipients, bool isQuiet, CancellationToken cancellationToken);

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (input, json) = (parsed.GetRequiredValue(_input), parsed.GetValue(_json));
        var output = parsed.GetValue(_output) ?? input;
        var mayReplace = parsed.GetValue(_output) is null || parsed.GetValue(_force);
        OutputFile.RequireFree(output, mayReplace);
        var recipients = ModelKeys.ReadRecipients(parsed.GetValue(_recipients), parsed.GetValue(_wrappingKeys));
        using var identities = ModelKeys.ReadIdentities(parsed.GetValue(_identities), parsed.GetValue(_passphraseFile));
        await using var content = InputFile.Open(input);
        using var file = await InputFile.OpenHeaderAsync(input, content, identities, cancellationToken);

        // What turns out to be changed ends the writing, and the file that was begun goes away.
        await OutputFile.WriteAsync(output, isSecret: false, mayReplace, target => KeyTrouble.RunAsync(async () => await InputFile.ReadAsync(input, identities, async () =>
        {
            await WriteAsync(file, target, recipients, json, cancellationToken);
            return true;
        })));
        return WrittenModelView.Show(console, Describe(output), new WrittenModel(output, new FileInfo(output).Length, recipients.Count), json);
    }
}
