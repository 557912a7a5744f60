using System.Text;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>Finds the identities of a model where its options say: in files that nobody else may read, or in the environment.</summary>
internal sealed class IdentitySources(string contentRoot, Func<string, string?> environment, SettingsSecrets settings)
{
    private const string VariablePrefix = "env:";

    /// <exception cref="ModelLoadException">One is missing or wrong; the message says which, and never what it holds.</exception>
    public IdentitySet Read(string model, ModelOptions options)
    {
        settings.Require(model);
        var set = new IdentitySet();
        try
        {
            foreach (var source in options.Identities)
            {
                Read($"Models:{model}:Identities", source, text => IdentityText.AddTo(set, text));
            }

            if (options.PassphraseFile is { } passphrase)
            {
                Read($"Models:{model}:PassphraseFile", passphrase, text => set.Add(ReadPassphrase(text)));
            }

            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    private static ScryptIdentity ReadPassphrase(string text)
    {
        var passphrase = text.TrimEnd('\r', '\n');
        return passphrase.Length != 0
            ? new ScryptIdentity(SecretBytes.CopyOf(Encoding.UTF8.GetBytes(passphrase)))
            : throw new InvalidDataException("it is empty: write the passphrase as its one line");
    }

    private void Read(string option, string source, Action<string> use)
    {
        if (IdentityText.IsIdentity(source))
        {
            Use(option, "a value of it", source, use);
        }
        else if (source.StartsWith(VariablePrefix, StringComparison.Ordinal))
        {
            var name = source[VariablePrefix.Length..];
            var value = environment(name) ?? throw new ModelLoadException($"{option}: the environment variable {name} is not set. Set it to the key, or remove {source}.");
            Use(option, $"the environment variable {name}", value, use);
        }
        else
        {
            var path = Path.Combine(contentRoot, source);
            Use(option, $"the file '{path}'", SecretFile.Read(option, path), use);
        }
    }

    private static void Use(string option, string what, string text, Action<string> use)
    {
        try
        {
            use(text);
        }
        catch (InvalidDataException wrong)
        {
            throw new ModelLoadException($"{option}: {what} cannot be used: {wrong.Message}.", wrong);
        }
    }
}
