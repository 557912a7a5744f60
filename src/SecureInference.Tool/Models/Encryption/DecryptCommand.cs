using System.CommandLine;
using System.Security.Cryptography;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tool.Models.Encryption;

/// <summary><c>model decrypt</c>: writes the clear model, once all of it is known to be what was encrypted.</summary>
internal sealed class DecryptCommand(ToolConsole console)
{
    private const string Description = """
        Decrypts a model into a file that only you may read. A server needs no such file: it decrypts into memory.

        The file is read twice: nothing is written before its last byte was found authentic.
        """;

    private readonly Argument<string> _input = EncryptionOptions.Input("The encrypted model.");
    private readonly Option<string[]> _identities = ModelKeys.Identities();
    private readonly Option<string?> _passphraseFile = ModelKeys.PassphraseFile("that opens the model");
    private readonly Option<string> _output = EncryptionOptions.Output("The clear model.");
    private readonly Option<bool> _force = EncryptionOptions.Force();
    private readonly Option<bool> _json = EncryptionOptions.Json();

    public Command Create()
    {
        var command = new Command("decrypt", Description) { _input, _identities, _passphraseFile, _output, _force, _json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (input, output, force, json) = (parsed.GetRequiredValue(_input), parsed.GetRequiredValue(_output), parsed.GetValue(_force), parsed.GetValue(_json));
        OutputFile.RequireFree(output, force);
        using var identities = ModelKeys.ReadIdentities(parsed.GetValue(_identities), parsed.GetValue(_passphraseFile));
        await using var content = InputFile.Open(input);
        using var file = await InputFile.OpenHeaderAsync(input, content, identities, cancellationToken);
        var length = await CopyAsync(Stream.Null, "Checking");
        await OutputFile.WriteAsync(output, isSecret: true, force, async target =>
        {
            file.Rewind();
            await CopyAsync(target, "Decrypting");
        });
        return WrittenModelView.Show(console, $"'{output}' is '{input}' in the clear. Delete it when it is not needed any more.", new WrittenModel(output, length, Recipients: null), json);

        Task<long> CopyAsync(Stream target, string what) =>
            InputFile.ReadAsync(input, identities, () => CopyToAsync(file, target, Progress.Of(file, console, what, json), cancellationToken));
    }

    private static async Task<long> CopyToAsync(OpenedAgeFile file, Stream target, Progress progress, CancellationToken cancellationToken)
    {
        using var reader = new PayloadReader(file);
        var chunk = GC.AllocateArray<byte>(AgeFormat.ChunkSize, pinned: true);
        try
        {
            var total = 0L;
            while (await reader.ReadAsync(chunk, cancellationToken) is >= 0 and var length)
            {
                await target.WriteAsync(chunk.AsMemory(0, length), cancellationToken);
                progress.Report(total += length);
            }

            return total;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(chunk);
        }
    }
}
