using System.CommandLine;
using System.Text;
using SecureInference.Aws;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tool.Models.Encryption;

/// <summary>Finds the keys that the command line names: files, passphrases, and keys that AWS KMS holds.</summary>
internal static class ModelKeys
{
    private const string AwsPrefix = AwsKms.Name + ":";

    public static Option<string[]> Identities() => new("--identity")
    {
        Description = $"A file with the key that opens the model, which nobody else may read; or {AwsPrefix}KEY for a key in AWS KMS. Repeat it for more.",
        HelpName = "FILE",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Option<string[]> Recipients() => new("--recipient")
    {
        Description = $"Who is to open the model: age1… or age1tag1…, as 'model keygen' and age-keygen print them; or {AwsPrefix}KEY for a key in AWS KMS. Repeat it for more.",
        HelpName = "KEY",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Option<string[]> WrappingKeys() => new("--wrapping-key")
    {
        Description = "A file with a secret wrapping key, as 'model keygen --wrapping' makes it: who has it may open the model. Repeat it for more.",
        HelpName = "FILE",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Option<string?> PassphraseFile(string what) => new("--passphrase-file")
    {
        Description = $"A file that holds the passphrase {what}, which nobody else may read.",
        HelpName = "FILE",
    };

    /// <summary>Reads everything that may open a file.</summary>
    /// <exception cref="FileTroubleException">A file is missing or wrong.</exception>
    public static IdentitySet ReadIdentities(string[]? identities, string? passphraseFile)
    {
        if (identities is null or [] && passphraseFile is null)
        {
            throw new WrongUsageException("Nothing is named that opens the model. Write --identity FILE or --passphrase-file FILE.");
        }

        var set = new IdentitySet();
        try
        {
            foreach (var file in (identities ?? []).Where(static source => !source.StartsWith(AwsPrefix, StringComparison.Ordinal)))
            {
                Use("--identity", file, text => IdentityText.AddTo(set, text));
            }

            if (passphraseFile is not null)
            {
                set.Add(new ScryptIdentity(ReadPassphrase(passphraseFile)));
            }

            string[] keys = [.. (identities ?? []).Where(static source => source.StartsWith(AwsPrefix, StringComparison.Ordinal)).Select(static source => source[AwsPrefix.Length..])];
            if (keys is not [])
            {
                set.Add(new KeyServiceIdentity([new AwsKms(new AwsKmsOptions { Keys = keys }, credentials: null)], TimeProvider.System));
            }

            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    /// <summary>Reads everybody who is to open a file.</summary>
    /// <exception cref="WrongUsageException">There is nobody, or a passphrase beside others.</exception>
    public static IReadOnlyList<IAgeRecipient> ReadRecipients(string[]? recipients, string[]? wrappingKeys, string? passphraseFile = null)
    {
        List<IAgeRecipient> found = [.. (recipients ?? []).Select(ReadRecipient)];
        found.AddRange((wrappingKeys ?? []).Select(ReadWrappingKey));
        if (passphraseFile is not null)
        {
            found.Add(new ScryptRecipient(ReadPassphrase(passphraseFile)));
        }

        return found switch
        {
            [] => throw new WrongUsageException("Nobody is named who is to open the model. Write --recipient age1… ('secure-inference model keygen' makes a key)."),
            { Count: > 1 } when passphraseFile is not null => throw new WrongUsageException("A passphrase stands alone: who has another key could change what it protects. Remove --passphrase-file, or the others."),
            { Count: > AgeFormat.MaxStanzas } => throw new WrongUsageException($"These are more than {AgeFormat.MaxStanzas} keys. Name fewer."),
            _ => found,
        };
    }

    private static IAgeRecipient ReadRecipient(string text) =>
        text.StartsWith(AwsPrefix, StringComparison.Ordinal) && text.Length > AwsPrefix.Length
            ? new KeyServiceRecipient(new AwsKms(new AwsKmsOptions(), credentials: null), text[AwsPrefix.Length..])
            : (IAgeRecipient?)X25519Recipient.TryParse(text) ?? TagRecipient.TryParse(text) ?? throw new WrongUsageException(
                IdentityText.IsIdentity(text)
                    ? "--recipient is a secret key. It is now in the history of your shell: make another. The public key, age1…, belongs here."
                    : $"--recipient '{text}' is no public key. Write it as 'secure-inference model keygen' or age-keygen prints it: age1…");

    private static WrappingKey ReadWrappingKey(string file)
    {
        // The key goes with the process: it is needed until the last file is written.
        var set = new IdentitySet();
        Use("--wrapping-key", file, text => IdentityText.AddTo(set, text));
        return set.Identities is [WrappingKey key]
            ? key
            : throw new WrongUsageException($"--wrapping-key: '{file}' does not hold one wrapping key alone. Make one with 'secure-inference model keygen --wrapping', or name a public key with --recipient.");
    }

    private static SecretBytes ReadPassphrase(string file)
    {
        SecretBytes? passphrase = null;
        Use("--passphrase-file", file, text => passphrase = text.TrimEnd('\r', '\n') is { Length: > 0 } phrase
            ? SecretBytes.CopyOf(Encoding.UTF8.GetBytes(phrase))
            : throw new InvalidDataException("it is empty: write the passphrase as its one line"));
        return passphrase ?? throw new InvalidOperationException("The file was read, and its passphrase was not.");
    }

    private static void Use(string option, string file, Action<string> use)
    {
        try
        {
            use(SecretFile.Read(option, Path.GetFullPath(file)));
        }
        catch (ModelLoadException trouble)
        {
            throw new FileTroubleException(trouble.Message, trouble);
        }
        catch (InvalidDataException wrong)
        {
            throw new FileTroubleException($"{option}: the file '{file}' cannot be used: {wrong.Message}.", wrong);
        }
    }
}
