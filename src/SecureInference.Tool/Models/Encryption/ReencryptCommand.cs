using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tool.Models.Encryption;

/// <summary><c>model reencrypt</c>: encrypts a model with a new key, so that one that leaked opens it no more.</summary>
internal sealed class ReencryptCommand(ToolConsole console) : KeyChangeCommand(console, "reencrypt", Description)
{
    private const string Description = """
        Decrypts a model and encrypts it again with a new key, for the keys that are named. For keys that leaked: what was copied before stays readable with them,
        and the new file does not. The clear model is never written.
        """;

    private readonly ToolConsole _console = console;

    protected override string Describe(string output) => $"'{output}' is encrypted with a new key, for the keys that were named.";

    protected override async Task WriteAsync(OpenedAgeFile file, Stream target, IReadOnlyList<IAgeRecipient> recipients, bool isQuiet, CancellationToken cancellationToken)
    {
        using var clear = new PayloadStream(file);
        await AgeEncryption.WriteAsync(clear, target, recipients, Progress.Of(file, _console, "Encrypting", isQuiet).Report, cancellationToken);
    }
}
