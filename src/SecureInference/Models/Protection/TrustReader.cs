using SecureInference.Models.Protection.Files;
using SecureInference.Models.Protection.Signing;

namespace SecureInference.Models.Protection;

/// <summary>Reads whom the operator trusts to sign a model, at each load: a key that was replaced counts from then on.</summary>
internal sealed class TrustReader(string model, ModelOptions options, FileModeCheck modes, ModelsTelemetry? telemetry)
{
    private const int MaxLength = 1 << 20;

    /// <exception cref="ModelLoadException">A key is missing or wrong; the message says which.</exception>
    public SignatureTrust Read()
    {
        var keys = new List<TrustedKey>();
        try
        {
            foreach (var path in options.TrustedKeys)
            {
                keys.Add(Use(nameof(ModelOptions.TrustedKeys), path, "the publisher's public key", TrustedKey.Parse));
            }

            return new SignatureTrust { Keys = keys, Certificates = ReadAuthorities(), AllowLegacy = options.AllowLegacySignatures };
        }
        catch
        {
            keys.ForEach(static key => key.Dispose());
            throw;
        }
    }

    private CertificateTrust? ReadAuthorities() => options.TrustedCertificates is not { } path ? null : Use(
        nameof(ModelOptions.TrustedCertificates),
        path,
        "the root of the publishers' authority",
        text => new CertificateTrust { Signers = [.. options.TrustedSigners], AllowExpired = options.AllowExpiredSigners }.Add(text));

    private T Use<T>(string option, string path, string what, Func<string, T> use)
    {
        try
        {
            var text = KeyText.Read(path, MaxLength, out var problem);
            if (problem is not null && modes == FileModeCheck.Enforce)
            {
                throw Refuse(option, path, problem);
            }

            if (problem is not null)
            {
                telemetry?.Changeable(model, path, problem);
            }

            return use(text);
        }
        catch (SignatureRefusedException wrong)
        {
            throw Refuse(option, path, $"cannot be used: {wrong.Message}", wrong);
        }
        catch (FileRefusedException wrong)
        {
            throw Refuse(option, path, wrong.Problem, wrong);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Refuse(option, path, $"does not exist. Put {what} there, in PEM, or correct the path", missing);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw Refuse(option, path, "cannot be read. Let this process read it, or correct the path", broken);
        }
    }

    private ModelLoadException Refuse(string option, string path, string what, Exception? cause = null) =>
        new($"Models:{model}:{option}: the file '{path}' {what}.", cause);
}
