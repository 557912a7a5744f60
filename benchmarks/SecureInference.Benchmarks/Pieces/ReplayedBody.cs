using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace SecureInference.Benchmarks.Pieces;

/// <summary>A body that is there at once, and again for each request.</summary>
internal sealed class ReplayedBody(byte[] body) : PipeReader, IRequestBodyPipeFeature
{
    private ReadOnlySequence<byte> _left = new(body);

    public PipeReader Reader => this;

    /// <summary>Begins again.</summary>
    public void Rewind() => _left = new ReadOnlySequence<byte>(body);

    public override bool TryRead(out ReadResult result)
    {
        result = new ReadResult(_left, isCanceled: false, isCompleted: true);
        return true;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => new(new ReadResult(_left, isCanceled: false, isCompleted: true));

    public override void AdvanceTo(SequencePosition consumed) => _left = _left.Slice(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => AdvanceTo(consumed);

    public override void CancelPendingRead()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }
}
