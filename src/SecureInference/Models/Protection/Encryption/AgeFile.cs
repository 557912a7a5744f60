namespace SecureInference.Models.Protection.Encryption;

/// <summary>Files in the format age v1: recognises them, and opens their header.</summary>
internal static class AgeFile
{
    /// <summary>Says whether a file that begins so is encrypted, also by a version of age that is not known here.</summary>
    public static bool IsEncrypted(ReadOnlySpan<byte> firstBytes) => firstBytes.StartsWith(AgeFormat.Family) || AgeArmor.Begins(firstBytes);

    /// <summary>Reads the header, finds an identity that opens it, and checks that nobody changed it.</summary>
    /// <param name="content">The file, from its beginning; it can seek, and stays the caller's.</param>
    /// <param name="identities">What may open it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="AgeException">It is refused.</exception>
    public static async Task<OpenedAgeFile> OpenAsync(Stream content, IReadOnlyList<IAgeIdentity> identities, CancellationToken cancellationToken)
    {
        var clear = await DearmorAsync(content, cancellationToken);
        var header = await ReadHeaderAsync(clear, cancellationToken);
        var fileKey = await FindFileKeyAsync(header, identities, cancellationToken);
        try
        {
            if (!header.IsAuthentic(fileKey.Span))
            {
                throw new AgeException(AgeFailure.HeaderMac, "its header was changed after it was written");
            }

            var nonce = new byte[AgeFormat.PayloadNonceSize];
            clear.Position = header.Length;
            return await clear.ReadAtLeastAsync(nonce, nonce.Length, throwOnEndOfStream: false, cancellationToken) == nonce.Length
                ? new OpenedAgeFile(header, fileKey, AgePayload.DeriveKey(fileKey.Span, nonce), clear)
                : throw AgeException.Header("the file ends behind it");
        }
        catch
        {
            fileKey.Dispose();
            throw;
        }
    }

    /// <summary>Reads the header without opening it.</summary>
    /// <exception cref="AgeException">It is none.</exception>
    public static async Task<AgeHeader> ReadHeaderAsync(Stream content, CancellationToken cancellationToken)
    {
        content.Position = 0;
        var start = new byte[(int)Math.Min(content.Length, AgeFormat.MaxHeaderLength)];
        var length = await content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        var header = AgeHeaderReader.Read(start.AsSpan(0, length));

        // A passphrase beside another recipient would let that one's owner write files that seem to come from who knows the passphrase.
        return header.Stanzas.Count == 1 || header.Stanzas.All(static stanza => stanza.Type != ScryptKey.StanzaType)
            ? header
            : throw AgeException.Header("a passphrase in it is not the only recipient");
    }

    private static async Task<Stream> DearmorAsync(Stream content, CancellationToken cancellationToken)
    {
        content.Position = 0;
        var start = new byte[AgeArmor.MaxPreamble];
        var length = await content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        if (!AgeArmor.Begins(start.AsSpan(0, length)))
        {
            return content;
        }

        content.Position = 0;
        return new MemoryStream(await AgeArmor.ReadAsync(content, cancellationToken), writable: false);
    }

    private static async Task<SecretBytes> FindFileKeyAsync(AgeHeader header, IReadOnlyList<IAgeIdentity> identities, CancellationToken cancellationToken)
    {
        foreach (var identity in identities)
        {
            if (await identity.FindFileKeyAsync(header.Stanzas, cancellationToken) is { } fileKey)
            {
                return fileKey;
            }
        }

        throw new AgeException(AgeFailure.NoMatch, $"it was encrypted for {RecipientSummary.Of(header.Stanzas)}");
    }
}
