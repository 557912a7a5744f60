using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SecureInference.Models.Protection.Files;
using SecureInference.Models.Protection.Signing;

namespace SecureInference.Tool.Models;

/// <summary>Makes the keys that models are signed with, for <c>model keygen --signing</c>.</summary>
internal sealed class SigningKeyFile(ToolConsole console)
{
    public const string PublicSuffix = ".pub";

    /// <summary>Makes a private key in a file that only its owner may read, and the public one beside it.</summary>
    public async Task<int> MakeAsync(string path, bool asJson, CancellationToken cancellationToken)
    {
        var hint = await ModelTrouble.ExplainAsync(() => WritePairAsync(path, cancellationToken));
        if (asJson)
        {
            console.WriteLine(JsonSerializer.Serialize(new MadeModelKey(path, path + PublicSuffix, hint), ModelJson.Default.MadeModelKey));
            return ExitCode.Fine;
        }

        console.WriteLine($"The private key is in '{path}'. Keep it away from servers, and keep a copy in a safe place.");
        console.WriteLine($"The public key is in '{path}{PublicSuffix}'. Servers trust it by SecureInference:Models:NAME:TrustedKeys.");
        console.WriteLine($"Key  {hint}");
        return ExitCode.Fine;
    }

    private static async Task<string> WritePairAsync(string path, CancellationToken cancellationToken)
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
