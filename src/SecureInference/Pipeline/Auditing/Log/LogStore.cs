using SecureInference.Pipeline.Auditing.Tree;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>The log on disk: segments, checkpoints, rotation, retention.</summary>
internal sealed class LogStore : IAuditStore
{
    private const int MaxUnsynced = 4 << 20;

    private readonly LogFolder _folder;
    private readonly LogSettings _settings;
    private readonly CheckpointKey _key;
    private readonly TimeProvider _time;
    private readonly LogRetention _retention;
    private readonly LogClaim _claim;
    private readonly byte[] _logId;
    private readonly TreeHasher _hasher = new();
    private readonly CompactRange _range;
    private readonly CompactRange _committed;
    private readonly PendingFrames _pending = new();
    private readonly CheckpointSigner _signer;
    private SegmentWriter? _segment;
    private bool _isSegmentBroken;
    private long _segmentBegun;
    private long _nextSegment;
    private int _written;
    private long _committedSize;

    private LogStore(LogFolder folder, LogSettings settings, LogKeys keys, TimeProvider time, LogClaim claim)
    {
        _folder = folder;
        _settings = settings;
        _key = keys.Current.Public;
        _time = time;
        _claim = claim;
        var state = new LogRecovery(folder, keys, settings.StartsInSpiteOfAlarm, time).Run(out var report);
        Recovery = report;
        _logId = state.LogId;
        _nextSegment = state.NextSegment;
        _range = new CompactRange(_hasher);
        _committed = new CompactRange(_hasher);
        _range.Load(state.Size, state.Range);
        _committed.CopyFrom(_range);
        _committedSize = state.Size;
        _signer = new CheckpointSigner(folder, settings, keys.Current, Origin, state.Checkpoint, time);
        _retention = new LogRetention(folder, settings, keys.Current, Origin, state.Sealed, time);
        if (state.Size > (state.Checkpoint?.Size ?? 0))
        {
            // What a crash left unsigned is on disk now: recovery synced it.
            _pending.Add(_signer.Sign(_committed, isForced: true).Note, FrameType.Checkpoint);
        }
    }

    public RecoveryReport Recovery { get; }

    public string Origin => LogIdentity.OriginOf(_logId);

    /// <summary>Gets the place that the next record will have.</summary>
    public long NextSequence => _range.Size;

    public long CommittedSize => Volatile.Read(ref _committedSize);

    /// <summary>Gets the newest checkpoint; any thread may ask.</summary>
    public SignedCheckpoint? LastCheckpoint => _signer.Last;

    /// <summary>Opens the log in a folder, or begins one.</summary>
    /// <exception cref="LogAlarmException">The log is not as it was left, and no crash explains it.</exception>
    /// <exception cref="IOException">The folder cannot be read or written, or another process writes to it.</exception>
    public static LogStore Open(LogFolder folder, LogSettings settings, LogKeys keys, TimeProvider time)
    {
        var claim = new LogClaim(folder);
        try
        {
            return new LogStore(folder, settings, keys, time, claim);
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    public long Append(ReadOnlySpan<byte> record)
    {
        if (record.IsEmpty || record.Length > Frame.MaxRecordLength)
        {
            throw new ArgumentException($"A record has 1 to {Frame.MaxRecordLength} bytes.", nameof(record));
        }

        Span<byte> leaf = stackalloc byte[TreeHasher.HashLength];
        _pending.AddRecord(record, _hasher, leaf);
        _range.Append(leaf);
        return _range.Size - 1;
    }

    public void Commit()
    {
        try
        {
            Write();
            if (_segment is not null && _pending.Length > 0 && (_settings.SyncsEachCommit || _pending.Length >= MaxUnsynced || _signer.IsDue(_range.Size)))
            {
                Confirm();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The file may end in half a frame, and the system may have dropped what it could not write: not a byte behind that is trusted.
            Abandon();
            throw;
        }

        if (_pending.Length == 0)
        {
            SignAndRotate();
        }
    }

    public void Dispose()
    {
        try
        {
            Commit();
            if (_pending.Length > 0)
            {
                Confirm();
            }

            Rotate();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next start recovers what is on disk; whoever owns the queue has been told by Commit.
        }
        finally
        {
            _segment?.Dispose();
            _hasher.Dispose();
            _claim.Dispose();
        }
    }

    private void Write()
    {
        if (_isSegmentBroken)
        {
            EndBroken();
        }

        if (_pending.Length == _written)
        {
            return;
        }

        if (_segment is null)
        {
            _claim.Restore(_logId);
            var header = new SegmentHeader(
                _logId, _nextSegment, _committed.Size, _committed.Root(), LogClock.Nanoseconds(_time), _key.Info, _committed.Hashes.ToArray());
            _segment = SegmentWriter.Create(_folder, header, _pending.From(0));
            _segmentBegun = _time.GetTimestamp();
        }
        else
        {
            _segment.Write(_pending.From(_written));
        }

        _written = _pending.Length;
    }

    private void Confirm()
    {
        _segment?.Confirm();
        _pending.Clear();
        _written = 0;
        _committed.CopyFrom(_range);
        Volatile.Write(ref _committedSize, _range.Size);
    }

    private void SignAndRotate()
    {
        var isRotationDue = _segment is not null
            && (_segment.Length >= _settings.SegmentBytes || _time.GetElapsedTime(_segmentBegun) >= _settings.SegmentAge);
        if (isRotationDue)
        {
            Rotate();
        }
        else if (_signer.IsDue(_committedSize))
        {
            _pending.Add(_signer.Sign(_committed, isForced: false).Note, FrameType.Checkpoint);
        }
    }

    /// <summary>Signs and ends the segment. Its file has no error to hide here: what is in it was confirmed.</summary>
    private void Rotate()
    {
        if (_isSegmentBroken || _segment is null)
        {
            return;
        }

        if (_signer.Last?.Size != _committedSize)
        {
            _pending.Add(_signer.Sign(_committed, isForced: true).Note, FrameType.Checkpoint);
        }

        try
        {
            Write();
            Confirm();
            _segment.Seal(_committed);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Abandon();
            throw;
        }

        _retention.Add(new SealedSegment(_segment.Header.Number, _committed.Size, _committed.Root(), LogClock.Nanoseconds(_time)));
        _segment.Dispose();
        _segment = null;
        _nextSegment++;
        _retention.Apply(_signer.Last?.Size ?? 0);
    }

    private void Abandon()
    {
        _written = 0;
        if (_segment is { IsConfirmed: true })
        {
            _isSegmentBroken = true;
            return;
        }

        _segment?.Dispose();
        _segment = null;
    }

    private void EndBroken()
    {
        _segment?.End(_committed);
        _segment = null;
        _isSegmentBroken = false;
        _nextSegment++;
    }
}
