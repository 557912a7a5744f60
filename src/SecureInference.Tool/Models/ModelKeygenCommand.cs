using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SecureInference.Models.Protection.Files;
using SecureInference.Models.Protection.Signing;
using SecureInference.Tool.Keys;

namespace SecureInference.Tool.Models;

/// <summary><c>model keygen</c>: makes the keys that models are signed with.</summary>
internal sealed class ModelKeygenCommand(ToolConsole console)
{
    private const string PublicSuffix = ".pub";

    private const string Description = """
        Makes a key. With --signing it is one that signs models: the private key in a file that only you may read, the public key in one
        beside it, which servers trust (SecureInference:Models:NAME:TrustedKeys). The private key is never printed.

          secure-inference model keygen --signing --output publisher.key
        """;

    private readonly Option<bool> _signing = new("--signing") { Description = "Make a key that signs models: ECDSA on P-256." };
    private readonly Option<string> _output = new("--output") { Description = $"The file of the private key; the public one is called so too, and {PublicSuffix}.", HelpName = "FILE", Required = true };
    private readonly Option<bool> _json = KeyOptions.Json();

    public Command Create()
    {
        var command = new Command("keygen", Description) { _signing, _output, _json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!parsed.GetValue(_signing))
        {
            throw new WrongUsageException("Say what the key is for: --signing makes one that signs models.");
        }

        var path = parsed.GetRequiredValue(_output);
        var hint = await ModelTrouble.ExplainAsync(() => MakeAsync(path, cancellationToken));
        if (parsed.GetValue(_json))
        {
            console.WriteLine(JsonSerializer.Serialize(new MadeModelKey(path, path + PublicSuffix, hint), ModelJson.Default.MadeModelKey));
            return ExitCode.Fine;
        }

        console.WriteLine($"The private key is in '{path}'. Keep it away from servers, and keep a copy in a safe place.");
        console.WriteLine($"The public key is in '{path}{PublicSuffix}'. Servers trust it by SecureInference:Models:NAME:TrustedKeys.");
        console.WriteLine($"Key  {hint}");
        return ExitCode.Fine;
    }

    private static async Task<string> MakeAsync(string path, CancellationToken cancellationToken)
    {
        // Neither is ever written over: who has signed with a key needs it again.
        if (File.Exists(path) || File.Exists(path + PublicSuffix))
        {
            throw new FileRefusedException(File.Exists(path) ? path : path + PublicSuffix, "is there already. Name another, or take it away");
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await WriteAsync(path, key.ExportPkcs8PrivateKeyPem() + "\n", UnixFileMode.UserRead | UnixFileMode.UserWrite, cancellationToken);
        await WriteAsync(
            path + PublicSuffix,
            key.ExportSubjectPublicKeyInfoPem() + "\n",
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            cancellationToken);
        return EllipticKey.HintOf(key);
    }

    private static async Task WriteAsync(string path, string text, UnixFileMode mode, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        await using var file = new FileStream(path, options);
        await file.WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);
        file.Flush(flushToDisk: true);
    }
}
