using System.Security.Cryptography;
using SecureInference.Models.Protection.Encryption;

namespace SecureInference.Tool.Models.Encryption;

/// <summary>The clear bytes of a payload as a stream, for who keeps nothing of it unless the end is reached.</summary>
internal sealed class PayloadStream(OpenedAgeFile file) : Stream
{
    private readonly PayloadReader _reader = new(file);
    private readonly byte[] _chunk = GC.AllocateArray<byte>(AgeFormat.ChunkSize, pinned: true);
    private ReadOnlyMemory<byte> _rest;
    private bool _isAtEnd;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_rest.IsEmpty && !_isAtEnd)
        {
            var length = await _reader.ReadAsync(_chunk, cancellationToken);
            _isAtEnd = length < 0;
            _rest = _chunk.AsMemory(0, Math.Max(length, 0));
        }

        var taken = Math.Min(buffer.Length, _rest.Length);
        _rest[..taken].CopyTo(buffer);
        _rest = _rest[taken..];
        return taken;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        CryptographicOperations.ZeroMemory(_chunk);
        _reader.Dispose();
        base.Dispose(disposing);
    }
}
