using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace SecureInference.Benchmarks.Pieces;

/// <summary>Takes answers into memory that is used again.</summary>
internal sealed class DiscardedAnswer : PipeWriter, IHttpResponseBodyFeature
{
    private readonly byte[] _memory = new byte[64 * 1024];
    private int _length;

    public Stream Stream => Stream.Null;

    public PipeWriter Writer => this;

    /// <summary>Gets the bytes of the answer that was flushed last.</summary>
    public int Last { get; private set; }

    public override void Advance(int bytes) => _length += bytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _memory.AsMemory(_length);

    public override Span<byte> GetSpan(int sizeHint = 0) => _memory.AsSpan(_length);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        (Last, _length) = (_length, 0);
        return default;
    }

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }

    public void DisableBuffering()
    {
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException("Answers are no files.");

    public Task CompleteAsync() => Task.CompletedTask;
}
