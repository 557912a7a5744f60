using System.CommandLine;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tool.Models.Encryption;

/// <summary><c>model encrypt</c>: encrypts a model for those who are to serve it.</summary>
internal sealed class EncryptCommand(ToolConsole console)
{
    private const string Description = """
        Encrypts a model, in the format of the stock tool age. Sign it before: a signature is over the clear model, and lies beside it under the same name.

        Example, for the server's key and one that is kept in a safe:
          secure-inference model encrypt digits.onnx --recipient age1… --recipient age1… --output digits.onnx.age
        """;

    private readonly Argument<string> _input = EncryptionOptions.Input("The model.");
    private readonly Option<string[]> _recipients = ModelKeys.Recipients();
    private readonly Option<string[]> _wrappingKeys = ModelKeys.WrappingKeys();
    private readonly Option<string?> _passphraseFile = ModelKeys.PassphraseFile("that opens the model, in place of keys");
    private readonly Option<string> _output = EncryptionOptions.Output("The encrypted model.");
    private readonly Option<bool> _force = EncryptionOptions.Force();
    private readonly Option<bool> _json = EncryptionOptions.Json();

    public Command Create()
    {
        var command = new Command("encrypt", Description) { _input, _recipients, _wrappingKeys, _passphraseFile, _output, _force, _json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (input, output, force, json) = (parsed.GetRequiredValue(_input), parsed.GetRequiredValue(_output), parsed.GetValue(_force), parsed.GetValue(_json));
        OutputFile.RequireFree(output, force);
        await using var clear = InputFile.Open(input);
        if (InputFile.IsEncrypted(clear))
        {
            throw new RefusedException($"'{input}' is encrypted already. 'model rewrap' changes who may open it, 'model reencrypt' its key.");
        }

        var recipients = ModelKeys.ReadRecipients(parsed.GetValue(_recipients), parsed.GetValue(_wrappingKeys), parsed.GetValue(_passphraseFile));
        var progress = new Progress(console, "Encrypting", clear.Length, json);
        await OutputFile.WriteAsync(output, isSecret: false, force, file => KeyTrouble.RunAsync(() => AgeEncryption.WriteAsync(clear, file, recipients, progress.Report, cancellationToken)));
        return WrittenModelView.Show(console, $"'{output}' is '{input}', encrypted.", new WrittenModel(output, new FileInfo(output).Length, recipients.Count), json);
    }
}
