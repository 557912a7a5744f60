using SecureInference.Pipeline.Auditing.Tree;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>The segment that is being written. After its first failure it is only ended: nothing more is written behind what may be half a frame.</summary>
internal sealed class SegmentWriter : IDisposable
{
    private readonly LogFolder _folder;
    private readonly LogFile _file;
    private readonly string _name;
    private long _confirmed;

    private SegmentWriter(LogFolder folder, SegmentHeader header)
    {
        _folder = folder;
        _name = LogNames.OpenSegment(header.Number);
        Header = header;

        // Left by an earlier try, which confirmed nothing.
        if (folder.Exists(_name))
        {
            folder.Delete(_name);
        }

        _file = folder.Create(_name);
    }

    public SegmentHeader Header { get; }

    public long Length { get; private set; }

    /// <summary>Gets whether anything in it is known to be on disk.</summary>
    public bool IsConfirmed => _confirmed > 0;

    /// <summary>Makes the file, with its header and its first frames.</summary>
    public static SegmentWriter Create(LogFolder folder, SegmentHeader header, ReadOnlySpan<byte> frames)
    {
        var segment = new SegmentWriter(folder, header);
        try
        {
            // One write: a crash leaves a beginning of it, or nothing.
            segment.Write([.. header.ToBytes(), .. frames]);
            return segment;
        }
        catch
        {
            segment.Dispose();
            throw;
        }
    }

    public void Write(ReadOnlySpan<byte> frames)
    {
        _file.Write(frames, Length);
        Length += frames.Length;
    }

    /// <summary>Waits until what was written is on disk, and the file's name with it.</summary>
    public void Confirm()
    {
        _file.Sync();
        if (!IsConfirmed)
        {
            _folder.Sync();
        }

        // A file that was deleted takes writes as before, and they are lost with it.
        if (!_file.IsInPlace)
        {
            throw new IOException($"The segment '{_name}' in '{_folder.Name}' was moved, cut or deleted while it was written.");
        }

        _confirmed = Length;
    }

    /// <summary>Ends the segment after what is confirmed; frames behind that are cut, as they are written again elsewhere.</summary>
    public void Seal(CompactRange confirmed)
    {
        if (Length > _confirmed || _file.Length > _confirmed)
        {
            _file.Cut(_confirmed);
        }

        _file.Write(Frame.Footer(confirmed), _confirmed);
        _file.Sync();
        _folder.MakeReadOnly(_name);
        _folder.Rename(_name, LogNames.SealedSegment(Header.Number));
        _folder.Sync();
    }

    /// <summary>Ends a segment that failed, as well as the disk lets it; where it does not, the next start does.</summary>
    public void End(CompactRange confirmed)
    {
        try
        {
            Seal(confirmed);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next segment's header says from where on this one does not count.
        }
        finally
        {
            Dispose();
        }
    }

    public void Dispose() => _file.Dispose();
}
