using System.CommandLine;
using System.Text.Json;
using SecureInference.Models.Protection.Files;
using SecureInference.Models.Protection.Signing;
using SecureInference.Tool.Keys;

namespace SecureInference.Tool.Models;

/// <summary><c>model verify</c>: checks a model against its signature, as a server does.</summary>
internal sealed class VerifyModelCommand(ToolConsole console, TimeProvider time)
{
    private const int MaxKeyLength = 1 << 20;

    private const string Description = """
        Checks that a model is the one that was signed, and that somebody trusted has signed it. Exits with 1 where not.

          secure-inference model verify models/digits.onnx --public-key publisher.key.pub --signature models/digits.onnx.sig
        """;

    private readonly Argument<string> _path = new("PATH") { Description = "The model's file or folder, not encrypted." };
    private readonly Option<string[]> _keys = new("--public-key") { Description = "A public key that is trusted, in PEM; repeat it for more.", HelpName = "PEM" };
    private readonly Option<string?> _bundle = new("--trust-bundle") { Description = "The roots whose certificates are trusted, in PEM.", HelpName = "PEM" };
    private readonly Option<string[]> _signers = new("--signer") { Description = "Whose certificate is accepted: a subject, an alternative name, or sha256: and the hash of the key; repeat it for more.", HelpName = "NAME" };
    private readonly Option<string> _signature = new("--signature") { Description = "The signature, for example model.sig.", HelpName = "FILE", Required = true };
    private readonly Option<bool> _ignoreUnsigned = new("--ignore-unsigned-files") { Description = "Accept files in the folder that are not signed." };
    private readonly Option<bool> _allowExpired = new("--allow-expired") { Description = "Accept a certificate that has expired since it signed." };
    private readonly Option<bool> _allowLegacy = new("--allow-legacy") { Description = "Accept signatures in the form of version 0.2.0." };
    private readonly Option<bool> _json = KeyOptions.Json();

    public Command Create()
    {
        var command = new Command("verify", Description) { _path, _keys, _bundle, _signers, _signature, _ignoreUnsigned, _allowExpired, _allowLegacy, _json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_keys) is not { Length: > 0 } && parsed.GetValue(_bundle) is null)
        {
            throw new WrongUsageException("Nobody is trusted. Name the publisher's public key by --public-key, or the roots of publishers' certificates by --trust-bundle.");
        }

        var (path, signature) = (parsed.GetRequiredValue(_path), parsed.GetRequiredValue(_signature));
        var verified = await ModelTrouble.ExplainAsync(() => VerifyAsync(parsed, path, signature, cancellationToken));
        if (parsed.GetValue(_json))
        {
            string[] files = [.. verified.Manifest.Files.Select(static file => file.Name)];
            console.WriteLine(JsonSerializer.Serialize(new VerifiedModel(path, signature, verified.Signer, verified.Manifest.RootDigest, files), ModelJson.Default.VerifiedModel));
            return ExitCode.Fine;
        }

        console.WriteLine($"Verified: '{path}' is what was signed.");
        console.WriteLine($"Digest  {verified.Manifest.RootDigest}");
        console.WriteLine($"Signer  {verified.Signer}");
        return ExitCode.Fine;
    }

    private async Task<VerifiedSignature> VerifyAsync(ParseResult parsed, string path, string signature, CancellationToken cancellationToken)
    {
        using var trust = ReadTrust(parsed);
        try
        {
            return await console.ShowProgressAsync($"Hashing {path}", ModelLength.Of(path), parsed.GetValue(_json), progress => DiskVerification.VerifyAsync(
                path, signature, trust, parsed.GetValue(_ignoreUnsigned), time.GetUtcNow(), progress, cancellationToken));
        }
        catch (SignatureRefusedException refused)
        {
            throw ModelTrouble.Refuse($"The signature '{signature}'", refused);
        }
    }

    private SignatureTrust ReadTrust(ParseResult parsed) => new()
    {
        Keys = [.. (parsed.GetValue(_keys) ?? []).Select(static path => Read(path, TrustedKey.Parse))],
        Certificates = parsed.GetValue(_bundle) is { } bundle
            ? Read(bundle, text => new CertificateTrust { Signers = parsed.GetValue(_signers) ?? [], AllowExpired = parsed.GetValue(_allowExpired) }.Add(text))
            : null,
        AllowLegacy = parsed.GetValue(_allowLegacy),
    };

    private static T Read<T>(string path, Func<string, T> use)
    {
        var text = KeyText.Read(path, MaxKeyLength, out var problem);
        return problem is null ? ModelTrouble.Explain($"The file '{path}'", () => use(text)) : throw new FileRefusedException(path, problem);
    }
}
