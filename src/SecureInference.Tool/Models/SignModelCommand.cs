using System.CommandLine;
using System.Text.Json;
using SecureInference.Models.Protection.Signing;
using SecureInference.Tool.Keys;

namespace SecureInference.Tool.Models;

/// <summary><c>model sign</c>: signs a model with a private key, as OpenSSF Model Signing says.</summary>
internal sealed class SignModelCommand(ToolConsole console)
{
    private const string Files = "files";
    private const string Shards = "shards";
    private const long DefaultShardSize = 1_000_000_000;

    private const string Description = """
        Signs a model: a file, or a folder with all that is in it. The signature names each file by its SHA-256.

        Servers look for the signature of models/digits.onnx in models/digits.onnx.sig, or in models/model.sig:
          secure-inference model sign models/digits.onnx --private-key publisher.key --signature models/digits.onnx.sig

        Encrypt after signing: what is signed is the clear model.
        """;

    private readonly Argument<string> _path = new("PATH") { Description = "The model's file or folder." };
    private readonly Option<string> _key = new("--private-key") { Description = "The private key, in PEM: ECDSA on P-256, P-384 or P-521.", HelpName = "PEM", Required = true };
    private readonly Option<string?> _chain = new("--certificate-chain") { Description = "The certificates of the key, in PEM: its own first, then those between it and the root.", HelpName = "PEM" };
    private readonly Option<string> _signature = new("--signature") { Description = "The file to write, for example model.sig.", HelpName = "FILE", Required = true };
    private readonly Option<string[]> _ignored = new("--ignore") { Description = "A path in the folder that is left out, with all below it; repeat it for more.", HelpName = "PATH" };
    private readonly Option<bool> _json = KeyOptions.Json();

    private readonly Option<string> _method = new("--method")
    {
        Description = "How files are hashed: files as a whole, or shards in pieces, all processors at once.",
        DefaultValueFactory = static _ => Files,
    };

    private readonly Option<long> _shardSize = new("--shard-size")
    {
        Description = "The size of the pieces in bytes, for --method shards.",
        HelpName = "BYTES",
        DefaultValueFactory = static _ => DefaultShardSize,
    };

    public Command Create()
    {
        _method.AcceptOnlyFromAmong(Files, Shards);
        _shardSize.Validators.Add(static result => KeyOptions.Check(result, static text => text.StartsWith('-') || text == "0" ? "--shard-size is a number of bytes above 0." : null));
        var command = new Command("sign", Description) { _path, _key, _chain, _signature, _method, _shardSize, _ignored, _json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (path, signature) = (parsed.GetRequiredValue(_path), parsed.GetRequiredValue(_signature));
        var isJson = parsed.GetValue(_json);
        var made = await ModelTrouble.ExplainAsync(() => SignAsync(parsed, path, signature, isJson, cancellationToken));
        if (isJson)
        {
            console.WriteLine(JsonSerializer.Serialize(new SignedModel(path, signature, made.RootDigest, made.Key, made.Files), ModelJson.Default.SignedModel));
            return ExitCode.Fine;
        }

        console.WriteLine($"Signed: {made.Files} {(made.Files == 1 ? "file" : "files")} of '{path}'. The signature is in '{signature}'.");
        console.WriteLine($"Digest  {made.RootDigest}");
        console.WriteLine($"Key     {made.Key}");
        return ExitCode.Fine;
    }

    private async Task<MadeSignature> SignAsync(ParseResult parsed, string path, string signature, bool isJson, CancellationToken cancellationToken)
    {
        var options = new ModelSigningOptions
        {
            ShardSize = parsed.GetValue(_method) == Shards ? parsed.GetValue(_shardSize) : null,
            IgnoredPaths = parsed.GetValue(_ignored) ?? [],
        };
        using var signer = PemModelSigner.Read(parsed.GetRequiredValue(_key), parsed.GetValue(_chain));
        try
        {
            return await console.ShowProgressAsync(
                $"Hashing {path}",
                ModelLength.Of(path),
                isJson,
                progress => ModelSigning.SignAsync(signer, path, signature, options, progress, cancellationToken));
        }
        catch (SignatureRefusedException refused)
        {
            throw ModelTrouble.Refuse("The key", refused);
        }
    }
}
