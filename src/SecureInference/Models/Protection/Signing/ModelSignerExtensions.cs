namespace SecureInference.Models.Protection.Signing;

/// <summary>Signs models with keys of the team's own.</summary>
public static class ModelSignerExtensions
{
    /// <summary>Signs a model: a file, or a folder with all that is in it.</summary>
    /// <param name="signer">The key.</param>
    /// <param name="path">The file or the folder, not encrypted.</param>
    /// <param name="signaturePath">The file that the signature is written to, for example <c>model.onnx.sig</c> beside the model, or <c>model.sig</c> in its folder.</param>
    /// <param name="options">How it is signed.</param>
    /// <param name="cancellationToken">Ends the signing; nothing is written then.</param>
    /// <returns>The digest of the model, as lower-case hexadecimal, for <see cref="ModelTrustOptions.PinnedDigests"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> or <paramref name="signaturePath"/> is empty.</exception>
    /// <exception cref="InvalidOperationException">The model or the key cannot be used; the message says why and what to do.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static async Task<string> SignModelAsync(
        this IModelSigner signer, string path, string signaturePath, ModelSigningOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(signaturePath);
        try
        {
            return (await ModelSigning.SignAsync(signer, path, signaturePath, options ?? new ModelSigningOptions(), progress: null, cancellationToken)).RootDigest;
        }
        catch (Exception refused) when (refused is SignatureRefusedException or Files.FileRefusedException)
        {
            throw new InvalidOperationException(refused.Message + ".", refused);
        }
    }
}
