using System.CommandLine;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tool.Models.Encryption;

/// <summary><c>model reencrypt</c>: encrypts a model with a new key, so that one that leaked opens it no more.</summary>
internal sealed class ReencryptCommand(ToolConsole console)
{
    private const string Description = """
        Decrypts a model and encrypts it again with a new key, for the keys that are named. For keys that leaked: what was copied before stays readable with them,
        and the new file does not. The clear model is never written.
        """;

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
        var command = new Command("reencrypt", Description) { _input, _identities, _passphraseFile, _recipients, _wrappingKeys, _output, _force, _json };
        command.SetAction(RunAsync);
        return command;
    }

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
        var progress = Progress.Of(file, console, "Encrypting", json);

        // What turns out to be changed ends the writing, and the file that was begun goes away.
        await OutputFile.WriteAsync(output, isSecret: false, mayReplace, target => KeyTrouble.RunAsync(async () => await InputFile.ReadAsync(input, identities, async () =>
        {
            using var clear = new PayloadStream(file);
            await AgeEncryption.WriteAsync(clear, target, recipients, progress.Report, cancellationToken);
            return true;
        })));
        return WrittenModelView.Show(console, $"'{output}' is encrypted with a new key, for the keys that were named.", new WrittenModel(output, new FileInfo(output).Length, recipients.Count), json);
    }
}
