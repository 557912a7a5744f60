using System.Buffers;
using System.IO.Pipelines;

namespace SecureInference.Tests.Protocol;

/// <summary>Hands out a body packet by packet, each in a segment of its own, and spoils the memory once it is given back.</summary>
internal sealed class PacketReader(byte[] body, Func<int> nextSize, bool endsLate = false) : PipeReader
{
    private const byte Spoilt = 0xEE;
    private readonly List<int> _boundaries = [];
    private readonly List<byte[]> _lent = [];
    private ReadOnlySequence<byte> _buffer;
    private int _consumed;
    private int _arrived;
    private bool _isReading;
    private bool _isExamined = true;

    /// <summary>Gets the bytes that were asked for so far.</summary>
    public int Arrived => _arrived;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_isReading)
        {
            throw new InvalidOperationException("A read was not followed by an advance.");
        }

        _isReading = true;
        var isCompleted = _arrived == body.Length && (_isExamined || !endsLate);
        if (_isExamined && _arrived < body.Length)
        {
            _arrived += Math.Min(Math.Max(nextSize(), 1), body.Length - _arrived);
            _boundaries.Add(_arrived);
            isCompleted = _arrived == body.Length && !endsLate;
        }

        _buffer = Lend();
        return ValueTask.FromResult(new ReadResult(_buffer, isCanceled: false, isCompleted));
    }

    public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (!_isReading)
        {
            throw new InvalidOperationException("An advance did not follow a read.");
        }

        _isReading = false;
        _isExamined = _buffer.Slice(examined).IsEmpty;
        _consumed += (int)_buffer.Slice(0, consumed).Length;
        _boundaries.RemoveAll(boundary => boundary <= _consumed);
        foreach (var memory in _lent)
        {
            memory.AsSpan().Fill(Spoilt);
        }

        _lent.Clear();
    }

    public override void CancelPendingRead() => throw new NotSupportedException();

    public override void Complete(Exception? exception = null)
    {
    }

    private ReadOnlySequence<byte> Lend()
    {
        Segment? first = null;
        Segment? last = null;
        var start = _consumed;
        foreach (var boundary in _boundaries)
        {
            var memory = body.AsSpan(start, boundary - start).ToArray();
            _lent.Add(memory);
            last = new Segment(memory, last);
            first ??= last;
            start = boundary;
        }

        return first is null || last is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] memory, Segment? before)
        {
            Memory = memory;
            RunningIndex = before is null ? 0 : before.RunningIndex + before.Memory.Length;
            before?.Next = this;
        }
    }
}
