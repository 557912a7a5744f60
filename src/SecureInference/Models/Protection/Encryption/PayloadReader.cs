namespace SecureInference.Models.Protection.Encryption;

/// <summary>Reads a payload of any length chunk by chunk. What it returns is authentic, and yet perhaps not the whole: nobody may act on it before the end was reached.</summary>
internal sealed class PayloadReader(OpenedAgeFile file) : IDisposable
{
    private readonly ChaCha _cipher = ChaCha.Create(file.PayloadKey.Span);
    private readonly byte[] _sealed = new byte[AgeFormat.SealedChunkSize];
    private readonly byte[] _nonce = new byte[ChaCha.NonceSize];
    private long _chunk;
    private bool _isAtEnd;

    /// <summary>Reads the next chunk.</summary>
    /// <param name="clear">Where it goes: <see cref="AgeFormat.ChunkSize"/> bytes.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Its length, or -1 where there is none any more: then all of the payload was authentic.</returns>
    /// <exception cref="AgeException">It is not authentic, or the payload ends before its last chunk.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> clear, CancellationToken cancellationToken)
    {
        var length = await file.Content.ReadAtLeastAsync(_sealed, _sealed.Length, throwOnEndOfStream: false, cancellationToken);
        if (_isAtEnd)
        {
            return length == 0 ? -1 : throw AgeException.Payload("it goes on after its end");
        }

        var clearLength = length - AgeFormat.TagSize;
        if (clearLength < 0 || (clearLength == 0 && _chunk != 0))
        {
            throw AgeException.Payload("it is cut off");
        }

        // A full chunk may be the last too; a shorter one is nothing else.
        if (!(length == AgeFormat.SealedChunkSize && TryOpen(clear.Span, clearLength, isLast: false)))
        {
            _isAtEnd = TryOpen(clear.Span, clearLength, isLast: true) ? true : throw AgeException.Payload("it was changed or cut off");
        }

        _chunk++;
        return clearLength;
    }

    public void Dispose() => _cipher.Dispose();

    private bool TryOpen(Span<byte> clear, int length, bool isLast)
    {
        AgePayload.WriteNonce(_nonce, _chunk, isLast);
        return _cipher.TryOpen(_nonce, _sealed.AsSpan(0, length + AgeFormat.TagSize), clear[..length]);
    }
}
