using System.IO.Pipelines;

namespace SecureInference.Tests.Protocol;

/// <summary>A real pipe that receives a small packet before each read, and gathers them in blocks as a server does.</summary>
internal sealed class TricklingPipe(byte[] body, int packet) : PipeReader
{
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private int _sent;

    /// <summary>Gets the number of reads.</summary>
    public int Reads { get; private set; }

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        Reads++;
        if (_sent < body.Length)
        {
            var length = Math.Min(packet, body.Length - _sent);
            await _pipe.Writer.WriteAsync(body.AsMemory(_sent, length), cancellationToken);
            _sent += length;
        }

        if (_sent == body.Length)
        {
            await _pipe.Writer.CompleteAsync();
        }

        return await _pipe.Reader.ReadAsync(cancellationToken);
    }

    public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

    public override void AdvanceTo(SequencePosition consumed) => _pipe.Reader.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _pipe.Reader.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => _pipe.Reader.CancelPendingRead();

    public override void Complete(Exception? exception = null) => _pipe.Reader.Complete(exception);
}
