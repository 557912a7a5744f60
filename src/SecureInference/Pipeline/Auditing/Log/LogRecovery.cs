using System.Security.Cryptography;

namespace SecureInference.Pipeline.Auditing.Log;

/// <summary>Brings a folder to where writing can go on: ends what a crash left open, and stops at what no crash explains.</summary>
internal sealed class LogRecovery(LogFolder folder, LogKeys keys, bool startsInSpiteOfAlarm, TimeProvider time)
{
    private CheckpointKey[] Trusted => keys.Previous is { } previous ? [keys.Current.Public, previous.Public] : [keys.Current.Public];

    /// <summary>Recovers the log, or begins one.</summary>
    /// <exception cref="LogAlarmException">The log is not as it was left.</exception>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    public LogState Run(out RecoveryReport report)
    {
        var contents = LogContents.Read(folder, Trusted);
        if (contents.Failure?.Kind == LogFailureKind.NoLog)
        {
            // A crash may have come between the identity and the first segment; the next start takes a new one.
            return Begin(setAside: null, alarm: null, out report);
        }

        if (contents.Identity is { } identity && identity.Birth != folder.BirthOf(LogNames.Identity))
        {
            return Begin(SetAside(contents), alarm: null, out report);
        }

        var failure = contents.Failure ?? IntroduceKey(contents);
        if (failure is null)
        {
            using var replay = new LogReplay(folder, contents, time);
            failure = replay.Run();
            if (failure is null)
            {
                report = replay.Report();
                return replay.State();
            }
        }

        return startsInSpiteOfAlarm ? Begin(SetAside(contents), failure, out report) : throw new LogAlarmException(folder.Name, failure);
    }

    private LogState Begin(string? setAside, LogFailure? alarm, out RecoveryReport report)
    {
        var id = RandomNumberGenerator.GetBytes(SegmentHeader.LogIdLength);
        LogIdentity.Write(folder, id);
        report = new RecoveryReport { Origin = LogIdentity.OriginOf(id), Size = 0, IsClean = alarm is null, SetAside = setAside, Alarm = alarm };
        return new LogState(id, 0, [], 1, null, []);
    }

    /// <summary>Has the key before sign the new one, where the log has not been signed by it yet.</summary>
    private LogFailure? IntroduceKey(LogContents contents)
    {
        var current = keys.Current.Public;
        var last = contents.Headers.LastOrDefault(static header => header is not null)?.Key;
        if (last is null || last.AsSpan().SequenceEqual(current.Info) || contents.Names.Contains(LogNames.Introduction(current.Fingerprint)))
        {
            return null;
        }

        if (keys.Previous is not { } previous || !previous.Public.Info.AsSpan().SequenceEqual(last))
        {
            return new LogFailure(LogFailureKind.UnknownKey, "another key signed the log before, and has not introduced this one. Give it as the previous key for one start.");
        }

        folder.Replace(LogNames.Introduction(current.Fingerprint), KeyIntroduction.Sign(contents.Origin, keys.Current, previous));
        return null;
    }

    /// <summary>Moves the log that is here into a folder of its own, whole.</summary>
    private string SetAside(LogContents contents)
    {
        var name = LogNames.SetAside(folder, contents.LogId.Length == 0 ? "unknown" : Convert.ToHexStringLower(contents.LogId));
        if (!folder.Exists(name))
        {
            folder.CreateFolder(name);
        }

        // The identity last: with it here the move goes on at the next start.
        foreach (var file in folder.Names().Where(LogNames.IsOfOneLog).OrderBy(static file => file == LogNames.Identity))
        {
            folder.Rename(file, $"{name}/{file}");
        }

        folder.Sync();
        return name;
    }
}
