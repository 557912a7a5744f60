using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tool.Audit;

/// <summary>A log's folder as the command line names it, with the keys that are trusted.</summary>
internal sealed record AuditedFolder(string Path, IReadOnlyList<CheckpointKey> Trusted)
{
    public LogFolder Disk { get; } = new DiskFolder(Path);

    /// <summary>Gets the bytes of all segments, roughly: a log in use grows.</summary>
    public long Bytes => Reading(() => Disk.Names().Where(static name => LogNames.TryParseSegment(name, out _)).Sum(name => new FileInfo(System.IO.Path.Combine(Path, name)) is { Exists: true } file ? file.Length : 0));

    /// <summary>Checks the log.</summary>
    /// <param name="visitor">Who sees the records before anything is known of them.</param>
    /// <param name="known">Checkpoints that the log must go on from.</param>
    /// <param name="isFinished">Whether the log is not in use, so that it must end with a whole frame.</param>
    public LogVerification Verify(RecordVisitor? visitor, IReadOnlyList<Checkpoint> known, bool isFinished = false) => Reading(() =>
        new LogVerifier(Disk, Trusted) { Known = known, AllowsUnfinishedTail = !isFinished, Visitor = visitor }.Verify());

    /// <summary>Does what reads the folder, and says what is wrong where it cannot be read.</summary>
    /// <exception cref="FileTroubleException">It cannot be read.</exception>
    public T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileTroubleException($"The log in '{Path}' cannot be read: {exception.Message.TrimEnd('.')}. Check that you may read the folder and all its files.", exception);
        }
    }
}
