using SecureInference.Pipeline.Auditing.Tree;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>Signs what is on disk, when it is due, and keeps the newest checkpoint in its file.</summary>
internal sealed class CheckpointSigner
{
    private readonly LogFolder _folder;
    private readonly LogSettings _settings;
    private readonly SigningKey _key;
    private readonly string _origin;
    private readonly TimeProvider _time;
    private SignedCheckpoint? _last;
    private long _signedAt;
    private long _writtenAt;
    private bool _isWritten;

    public CheckpointSigner(LogFolder folder, LogSettings settings, SigningKey key, string origin, SignedCheckpoint? last, TimeProvider time)
    {
        _folder = folder;
        _settings = settings;
        _key = key;
        _origin = origin;
        _last = last;
        _isWritten = last is not null;
        _time = time;
        _signedAt = _writtenAt = time.GetTimestamp();
    }

    public SignedCheckpoint? Last => Volatile.Read(ref _last);

    public bool IsDue(long size)
    {
        var unsigned = size - (_last?.Size ?? 0);
        return unsigned > 0 && (unsigned >= _settings.CheckpointRecords || _time.GetElapsedTime(_signedAt) >= _settings.CheckpointInterval);
    }

    /// <summary>Signs the tree, which must be on disk.</summary>
    /// <param name="range">The tree.</param>
    /// <param name="isForced">Whether the file must be as new as the checkpoint.</param>
    public SignedCheckpoint Sign(CompactRange range, bool isForced)
    {
        var signed = SignedCheckpoint.Sign(new Checkpoint(_origin, range.Size, range.Root()), _key);

        // The first is in its file before it is in any segment: then a file that is missing was taken away. Later the file follows at its own pace, for it costs two syncs.
        if (isForced || !_isWritten || _time.GetElapsedTime(_writtenAt) >= _settings.CheckpointInterval)
        {
            _folder.Replace(LogNames.Checkpoint, signed.Note);
            _isWritten = true;
            _writtenAt = _time.GetTimestamp();
        }

        _signedAt = _time.GetTimestamp();
        Volatile.Write(ref _last, signed);
        return signed;
    }
}
