using System.CommandLine;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tool.Models.Encryption;

/// <summary><c>model rewrap</c>: changes who may open a model, without a change to what is in it.</summary>
internal sealed class RewrapCommand(ToolConsole console)
{
    private const string Description = """
        Changes who may open an encrypted model, by writing its header anew; what is encrypted stays as it is, byte for byte. For keys that are changed by plan.

        Whoever could open the model before, and kept its header or its key, still can. Where a key has leaked, use 'model reencrypt'.
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
        var command = new Command("rewrap", Description) { _input, _identities, _passphraseFile, _recipients, _wrappingKeys, _output, _force, _json };
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
        await OutputFile.WriteAsync(output, isSecret: false, mayReplace, target => KeyTrouble.RunAsync(async () =>
        {
            await target.WriteAsync(await AgeEncryption.WriteHeaderAsync(recipients, file.FileKey, cancellationToken), cancellationToken);
            file.Content.Position = file.Header.Length;
            await file.Content.CopyToAsync(target, cancellationToken);
        }));
        return WrittenModelView.Show(console, $"'{output}' may be opened with the keys that were named, and no others.", new WrittenModel(output, new FileInfo(output).Length, recipients.Count), json);
    }
}
