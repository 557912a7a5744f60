namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>What lies in a log's folder, before any record is read.</summary>
internal sealed class LogContents
{
    private const int MaxFileLength = SignedNote.MaxLength;

    private readonly LogFolder _folder;
    private readonly List<CheckpointKey> _named = [];

    private LogContents(LogFolder folder, IEnumerable<CheckpointKey> keys)
    {
        _folder = folder;
        Trust = new LogTrust(keys);

        // The checkpoint first: what is read later in a log that grows has at least its size. The anchor last: it covers what the list lacks.
        var checkpoint = TryReadAll(LogNames.Checkpoint);
        Names = folder.Names();
        var segments = new List<SegmentFile>();
        foreach (var name in Names)
        {
            if (LogNames.TryParseSegment(name, out var segment))
            {
                segments.Add(segment);
            }
        }

        segments.Sort(static (one, other) => one.Number.CompareTo(other.Number));
        var headers = segments.ConvertAll(ReadHeader);
        Identity = LogIdentity.TryParse(TryReadAll(LogNames.Identity) ?? []);
        LogId = Identity?.Id ?? headers.Find(static header => header is not null)?.LogId ?? [];
        var introductions = ReadKeys(headers);
        var anchor = TryReadAll(LogNames.Anchor);
        Anchor = anchor is null ? null : LogAnchor.TryParse(anchor, Trust.Keys);
        Checkpoint = checkpoint is null ? null : SignedCheckpoint.TryParse(checkpoint);
        var removed = segments.FindAll(segment => segment.Number <= Anchor?.Segment).Count;
        Segments = segments[removed..];
        Headers = headers[removed..];
        Failure = new LogContentsCheck(this).Find(introductions, checkpoint is not null, anchor is not null, TryReadAll(LogNames.PublicKey));
    }

    public IReadOnlyList<string> Names { get; }

    public LogTrust Trust { get; }

    public LogIdentity? Identity { get; }

    public byte[] LogId { get; }

    public string Origin => LogIdentity.OriginOf(LogId);

    public LogAnchor? Anchor { get; }

    public SignedCheckpoint? Checkpoint { get; }

    /// <summary>Gets the segments that count, in their order.</summary>
    public IReadOnlyList<SegmentFile> Segments { get; }

    /// <summary>Gets their headers; <see langword="null"/> where one is not whole.</summary>
    public IReadOnlyList<SegmentHeader?> Headers { get; }

    /// <summary>Gets the keys that the headers name, trusted or not.</summary>
    public IReadOnlyList<CheckpointKey> NamedKeys => _named;

    /// <summary>Gets what is wrong already.</summary>
    public LogFailure? Failure { get; }

    /// <summary>Reads the folder. A log that is being written may remove a segment meanwhile: then once more.</summary>
    public static LogContents Read(LogFolder folder, IEnumerable<CheckpointKey> keys)
    {
        for (var tries = 3; ; tries--)
        {
            try
            {
                return new LogContents(folder, keys);
            }
            catch (FileNotFoundException) when (tries > 1)
            {
            }
        }
    }

    /// <summary>Opens a segment, which may have been sealed since the folder was read.</summary>
    public static LogFile Open(LogFolder folder, SegmentFile segment)
    {
        try
        {
            return folder.Open(segment.Name);
        }
        catch (FileNotFoundException) when (!segment.IsSealed)
        {
            return folder.Open(LogNames.SealedSegment(segment.Number));
        }
    }

    private SegmentHeader? ReadHeader(SegmentFile segment)
    {
        using var file = Open(_folder, segment);
        var bytes = new byte[(int)Math.Min(file.Length, SegmentHeader.MaxLength)];
        return SegmentHeader.TryParse(bytes.AsSpan(0, file.Read(bytes, 0)));
    }

    private List<KeyIntroduction?> ReadKeys(List<SegmentHeader?> headers)
    {
        foreach (var header in headers)
        {
            if (header is not null && !_named.Exists(key => key.Info.AsSpan().SequenceEqual(header.Key)) && CheckpointKey.TryParse(header.Key) is { } named)
            {
                _named.Add(named);
            }
        }

        var introductions = Names.Where(LogNames.IsIntroduction).Select(name => KeyIntroduction.TryParse(TryReadAll(name) ?? [], Origin)).ToList();
        Trust.Join(introductions.OfType<KeyIntroduction>().ToList(), _named);
        return introductions;
    }

    private byte[]? TryReadAll(string name)
    {
        try
        {
            return _folder.Exists(name) ? _folder.ReadAll(name, MaxFileLength) : null;
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }
}
