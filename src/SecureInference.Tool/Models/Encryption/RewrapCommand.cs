using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tool.Models.Encryption;

/// <summary><c>model rewrap</c>: changes who may open a model, without a change to what is in it.</summary>
internal sealed class RewrapCommand(ToolConsole console) : KeyChangeCommand(console, "rewrap", Description)
{
    private const string Description = """
        Changes who may open an encrypted model, by writing its header anew; what is encrypted stays as it is, byte for byte. For keys that are changed by plan.

        Whoever could open the model before, and kept its header or its key, still can. Where a key has leaked, use 'model reencrypt'.
        """;

    protected override string Describe(string output) => $"'{output}' may be opened with the keys that were named, and no others.";

    protected override async Task WriteAsync(OpenedAgeFile file, Stream target, IReadOnlyList<IAgeRecipient> recipients, bool isQuiet, CancellationToken cancellationToken)
    {
        await target.WriteAsync(await AgeEncryption.WriteHeaderAsync(recipients, file.FileKey, cancellationToken), cancellationToken);
        file.Content.Position = file.Header.Length;
        await file.Content.CopyToAsync(target, cancellationToken);
    }
}
