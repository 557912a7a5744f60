using System.Text;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>Finds what is wrong with a folder before any record is read.</summary>
internal sealed class LogContentsCheck(LogContents contents)
{
    public LogFailure? Find(IReadOnlyList<KeyIntroduction?> introductions, bool hasCheckpoint, bool hasAnchor, byte[]? publicKey)
    {
        if (contents.Segments.Count == 0 && !hasCheckpoint && !hasAnchor)
        {
            return new LogFailure(LogFailureKind.NoLog, "there is no log in the folder.");
        }

        return FindInFiles(introductions, hasAnchor, publicKey)
            ?? FindInNumbers()
            ?? FindInHeaders()
            ?? FindInKeys()
            ?? (hasCheckpoint ? FindInCheckpoint() : null);
    }

    private LogFailure? FindInFiles(IReadOnlyList<KeyIntroduction?> introductions, bool hasAnchor, byte[]? publicKey)
    {
        if (contents.Identity is null)
        {
            return OfFile(LogFailureKind.BadFile, LogNames.Identity, "it is missing, or is not as it was written.");
        }

        if (hasAnchor && (contents.Anchor is null || contents.Anchor.Origin != contents.Origin))
        {
            return OfFile(LogFailureKind.BadFile, LogNames.Anchor, "no trusted key signed it for this log.");
        }

        if (publicKey is not null && !IsPublicKey(publicKey))
        {
            return OfFile(LogFailureKind.BadFile, LogNames.PublicKey, "it is not as it was written.");
        }

        var isFalse = introductions.Any(introduction => introduction is null || contents.NamedKeys.Concat(contents.Trust.Keys)
            .Any(key => introduction.Introducer.AsSpan().SequenceEqual(key.Fingerprint) && !introduction.IsBy(key)));
        return isFalse ? OfFile(LogFailureKind.BadFile, contents.Names.First(LogNames.IsIntroduction), "this, or another introduction of a key, is not as it was signed.") : null;
    }

    private LogFailure? FindInNumbers()
    {
        var next = (contents.Anchor?.Segment ?? 0) + 1;
        foreach (var segment in contents.Segments)
        {
            if (segment.Number != next)
            {
                return segment.Number < next
                    ? OfFile(LogFailureKind.ChainBroken, segment.Name, "there are two segments of this number.") with { Segment = segment.Number }
                    : new LogFailure(LogFailureKind.SegmentMissing, $"segment {next} is missing, before {segment.Name}.") { Segment = next, File = LogNames.SealedSegment(next) };
            }

            next++;
        }

        return contents.Segments.Count == 0 && contents.Anchor is not null
            ? new LogFailure(LogFailureKind.SegmentMissing, $"all segments from {next} on are missing.") { Segment = next, File = LogNames.SealedSegment(next) }
            : null;
    }

    private LogFailure? FindInHeaders()
    {
        for (var index = 0; index < contents.Segments.Count; index++)
        {
            var segment = contents.Segments[index];
            var isLast = index == contents.Segments.Count - 1;
            var failure = contents.Headers[index] switch
            {
                null => isLast && !segment.IsSealed ? null : OfFile(LogFailureKind.BadHeader, segment.Name, "its header is not whole."),
                { } header when header.Number != segment.Number => OfFile(LogFailureKind.BadHeader, segment.Name, $"its header is that of segment {header.Number}."),
                { } header when !header.LogId.AsSpan().SequenceEqual(contents.LogId) => OfFile(LogFailureKind.ForeignLog, segment.Name, "it belongs to another log."),
                _ => null,
            };
            if (failure is not null)
            {
                return failure with { Segment = segment.Number, Offset = 0, Sequence = contents.Headers[index]?.FirstSequence };
            }
        }

        return contents.Anchor is { } anchor && contents.Headers is [{ } first, ..] && (first.FirstSequence != anchor.Size || !first.Root.AsSpan().SequenceEqual(anchor.Root))
            ? OfFile(LogFailureKind.ChainBroken, contents.Segments[0].Name, "it does not go on from where the anchor says that removed segments ended.")
            : null;
    }

    /// <summary>An unknown key is fine only where a trusted one signed later: its checkpoints cover what came before.</summary>
    private LogFailure? FindInKeys()
    {
        var hasTrusted = false;
        for (var index = 0; index < contents.Segments.Count; index++)
        {
            if (contents.Headers[index] is { } header)
            {
                var isTrusted = contents.Trust.Keys.Any(key => key.Info.AsSpan().SequenceEqual(header.Key));
                hasTrusted |= isTrusted;
                if (!isTrusted && (hasTrusted || index == contents.Segments.Count - 1))
                {
                    return OfFile(LogFailureKind.UnknownKey, contents.Segments[index].Name, "it is signed by a key that is not trusted, and that no trusted key introduced.") with
                    {
                        Segment = contents.Segments[index].Number,
                        Sequence = header.FirstSequence,
                    };
                }
            }
        }

        return null;
    }

    private LogFailure? FindInCheckpoint()
    {
        if (contents.Checkpoint is not { } signed || signed.Checkpoint.Origin != contents.Origin)
        {
            return OfFile(LogFailureKind.BadCheckpoint, LogNames.Checkpoint, "it is no checkpoint of this log.");
        }

        var signatures = contents.Trust.Keys.Select(signed.IsSignedBy).ToArray();
        return signatures.Contains(false) ? OfFile(LogFailureKind.BadCheckpoint, LogNames.Checkpoint, "its signature is false.")
            : signatures.Contains(true) ? null
            : OfFile(LogFailureKind.UnknownKey, LogNames.Checkpoint, "no trusted key signed it.");
    }

    private static bool IsPublicKey(byte[] bytes)
    {
        try
        {
            var pem = Encoding.Latin1.GetString(bytes);
            return CheckpointKey.FromPem(pem).Pem == pem;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static LogFailure OfFile(LogFailureKind kind, string file, string message) => new(kind, $"{file}: {message}") { File = file };
}
