using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tool.Models.Encryption;

/// <summary><c>model keygen</c>: makes a key that models are encrypted for.</summary>
internal sealed class KeygenCommand(ToolConsole console, TimeProvider time)
{
    private const string Description = """
        Makes a key that models are encrypted for, in a file that only you may read, and prints its public half. The secret key itself is never printed.
          secure-inference model keygen --output model-key.txt

        The server reads the file as SecureInference:Models:NAME:Identities, and the stock tool age reads it, too. With --wrapping it is a
        secret key without a public half: who encrypts a model needs the file, and only this tool and the server can use it.

        With --signing it is a key that signs models: the private key in the file, the public key in one beside it, which servers trust
        (SecureInference:Models:NAME:TrustedKeys).
          secure-inference model keygen --signing --output publisher.key
        """;

    private readonly Option<string> _output = EncryptionOptions.Output("The file that the key is written to.");
    private readonly Option<bool> _wrapping = new("--wrapping") { Description = "Make a secret wrapping key (AES-256) in place of a pair of keys." };
    private readonly Option<bool> _signing = new("--signing") { Description = "Make a key that signs models (ECDSA on P-256); the public one is called as the file, and .pub." };
    private readonly Option<bool> _force = EncryptionOptions.Force();
    private readonly Option<bool> _json = EncryptionOptions.Json();

    public Command Create()
    {
        var command = new Command("keygen", Description) { _output, _wrapping, _signing, _force, _json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = parsed.GetRequiredValue(_output);
        if (parsed.GetValue(_signing))
        {
            // Never written over: who has signed with a key needs it again.
            return !parsed.GetValue(_wrapping) && !parsed.GetValue(_force)
                ? await new SigningKeyFile(console).MakeAsync(path, parsed.GetValue(_json), cancellationToken)
                : throw new WrongUsageException("--signing stands alone: a key that signs is neither one that wraps, nor written over another. Remove --wrapping and --force.");
        }

        var made = parsed.GetValue(_wrapping) ? MakeWrappingKey(path, out var text) : MakePair(path, out text);
        try
        {
            await OutputFile.WriteAsync(path, isSecret: true, parsed.GetValue(_force), stream => stream.WriteAsync(text, cancellationToken).AsTask());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }

        console.WriteLine(parsed.GetValue(_json)
            ? JsonSerializer.Serialize(made, EncryptionJson.Default.MadeModelKey)
            : made.Recipient ?? $"The wrapping key {made.KeyId} is in '{path}'. Keep a copy: without it, what is encrypted for it alone is lost.");
        return ExitCode.Fine;
    }

    private MadeModelKey MakePair(string path, out byte[] text)
    {
        using var identity = X25519Identity.Create();
        var recipient = identity.Recipient.ToString();
        text = Text($"# public key: {recipient}", identity.Export());
        return new MadeModelKey(path, recipient, KeyId: null);
    }

    private MadeModelKey MakeWrappingKey(string path, out byte[] text)
    {
        using var key = WrappingKey.Create();
        text = Text($"# wrapping key: {key.KeyId}", key.Export());
        return new MadeModelKey(path, Recipient: null, key.KeyId);
    }

    private byte[] Text(string comment, byte[] secret)
    {
        var created = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        byte[] text = [.. Encoding.ASCII.GetBytes($"# created: {created}\n{comment}\n"), .. secret, (byte)'\n'];
        CryptographicOperations.ZeroMemory(secret);
        return text;
    }
}
