namespace SecureInference.Models.Protection.Encryption;

/// <summary>Writes age files, for one passphrase or for any number of keys.</summary>
internal static class AgeEncryption
{
    /// <param name="clear">What is to be encrypted, to its end.</param>
    /// <param name="target">Where the file goes.</param>
    /// <param name="recipients">Who is to open it.</param>
    /// <param name="progress">Is told how many clear bytes are done.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public static async Task WriteAsync(Stream clear, Stream target, IReadOnlyList<IAgeRecipient> recipients, Action<long>? progress, CancellationToken cancellationToken)
    {
        using var fileKey = SecretBytes.Random(AgeFormat.FileKeySize);
        await target.WriteAsync(await WriteHeaderAsync(recipients, fileKey, cancellationToken), cancellationToken);
        await PayloadWriter.WriteAsync(clear, target, fileKey, progress, cancellationToken);
    }

    /// <summary>Writes a header for other recipients of the same file key: the payload stays as it is.</summary>
    public static async Task<byte[]> WriteHeaderAsync(IReadOnlyList<IAgeRecipient> recipients, SecretBytes fileKey, CancellationToken cancellationToken)
    {
        if (recipients.Count is 0 or > AgeFormat.MaxStanzas || (recipients.Count > 1 && recipients.Any(static recipient => recipient is ScryptRecipient)))
        {
            throw new ArgumentException("One passphrase, or one to 128 keys.", nameof(recipients));
        }

        var stanzas = new List<AgeStanza>();
        foreach (var recipient in recipients)
        {
            stanzas.Add(await recipient.WrapAsync(fileKey, cancellationToken));
        }

        return AgeHeader.Write(stanzas, fileKey.Span);
    }
}
