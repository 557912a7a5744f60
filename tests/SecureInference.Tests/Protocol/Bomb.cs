namespace SecureInference.Tests.Protocol;

/// <summary>A compressed body that repeats one of its members, which takes no memory here.</summary>
internal sealed class Bomb(byte[] first, byte[] member, int times) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => first.Length + ((long)member.Length * times);

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var rest = Position < first.Length ? first.AsSpan((int)Position) : member.AsSpan((int)((Position - first.Length) % member.Length));
        var length = (int)Math.Min(Math.Min(rest.Length, buffer.Length), Length - Position);
        rest[..length].CopyTo(buffer);
        Position += length;
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
