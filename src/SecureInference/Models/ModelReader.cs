using Microsoft.Extensions.Hosting;
using SecureInference.Models.Protection;
using SecureInference.Models.Protection.Files;

namespace SecureInference.Models;

/// <summary>The one door that model files come in by: read once, decrypted, and checked against their signature in the very memory that is loaded.</summary>
internal sealed class ModelReader(ModelsTelemetry? telemetry = null, TimeProvider? time = null, IHostEnvironment? host = null, IModelDecryption? decryption = null) : IModelReader
{
    public async ValueTask<ModelContent> ReadAsync(string model, string path, ModelOptions options, CancellationToken cancellationToken)
    {
        var modes = options.FileModes ?? (host?.IsDevelopment() == true ? FileModeCheck.Warn : FileModeCheck.Enforce);
        var files = new ModelFiles(model, Locate(model, path, options), options, modes, decryption, telemetry);
        using var reading = new ProtectedReading(files, options, time ?? TimeProvider.System);
        using var trust = options.HasTrust ? new TrustReader(model, options, modes, telemetry).Read() : null;
        var signature = reading.FindSignature();
        if (trust is not null && signature is not null)
        {
            var verified = await reading.VerifyAsync(signature, trust, cancellationToken);
            return Tell(model, files, options, await reading.ReadSignedAsync(verified, cancellationToken));
        }

        if (options.MustBeSigned)
        {
            // Told before a missing signature: where the file is missing, that is what is wrong.
            throw File.Exists(files.ModelPath) ? Unsigned(model, files) : files.Refuse(files.ModelPath, "does not exist. Correct the path, or copy the file there");
        }

        if (signature is not null)
        {
            telemetry?.SignatureNotChecked(model, signature);
        }

        return Tell(model, files, options, await reading.ReadUnsignedAsync(cancellationToken));
    }

    private static ModelFolder Locate(string model, string path, ModelOptions options)
    {
        try
        {
            return ModelFolder.Of(path, options.Root);
        }
        catch (FileRefusedException refused)
        {
            throw new ModelLoadException($"Models:{model}:Path: {refused.Message}.", refused);
        }
        catch (IOException circle)
        {
            throw new ModelLoadException($"Models:{model}:Path: the links of '{path}' lead in a circle. Put the file itself there.", circle);
        }
    }

    private static ModelLoadException Unsigned(string model, ModelFiles files) => new(
        $"Models:{model}: '{files.ModelPath}' must be signed, and there is no signature: neither '{string.Join("' nor '", ModelSignature.PathsFor(files.ModelPath))}'. "
        + "Copy the publisher's there, or sign the model with 'secure-inference model sign'.");

    private ModelContent Tell(string model, ModelFiles files, ModelOptions options, ModelContent content)
    {
        telemetry?.Read(model, files.ModelPath, content.Digest, content.Protection.Signer ?? "nobody", content.Protection.IsEncrypted ? "encrypted" : "not encrypted");
        if (!options.MustBeSigned && !options.RequireEncryption)
        {
            telemetry?.Unprotected(model, files.ModelPath);
        }

        return content;
    }
}
