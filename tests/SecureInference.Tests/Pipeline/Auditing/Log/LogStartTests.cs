using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tests.Pipeline.Auditing.Log;

public sealed class LogStartTests
{
    [Fact]
    public void Open_NewFolder_BeginsALogWithAnIdOfItsOwn()
    {
        using var one = SmallLog.Open(new MemoryFolder());
        using var other = SmallLog.Open(new MemoryFolder());

        Assert.NotEqual(one.Origin, other.Origin);
        Assert.True(one.Recovery.IsClean);
        Assert.False(one.Recovery.IsWorthARecord);
    }

    [Fact]
    public void Open_ClosedLog_GoesOnWhereItEnded()
    {
        var folder = SmallLog.Make(7);
        string origin;
        using (var store = SmallLog.Open(folder))
        {
            origin = store.Origin;
            Assert.True(store.Recovery.IsClean);
            Assert.Equal(7, store.CommittedSize);
            Assert.Equal(7, store.Append(SmallLog.Record(7)));
        }

        var verification = SmallLog.Verify(folder);
        Assert.Null(verification.Failure);
        Assert.Equal((origin, 8L, 8L), (verification.Origin, verification.Size, verification.SignedSize));
    }

    [Fact]
    public void Open_SecondWriter_IsRefused()
    {
        var folder = new MemoryFolder();
        using var store = SmallLog.Open(folder);

        Assert.Throws<IOException>(() => SmallLog.Open(folder));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void Open_TornTailBeyondTheCheckpoint_GoesToQuarantine(int torn)
    {
        var folder = Killed(7, out var signed);
        var name = folder.Names().Single(static name => name.EndsWith(".open", StringComparison.Ordinal));
        var length = folder[name].Length;
        folder[name] = [.. folder[name], .. Forge.Record("half a record")[..torn]];

        using var store = SmallLog.Open(folder);

        Assert.True(signed < 7);
        Assert.False(store.Recovery.IsClean);
        Assert.Equal((7L, torn), (store.Recovery.Size, store.Recovery.BytesCut));
        Assert.Equal(Forge.Record("half a record")[..torn], folder[Assert.Single(store.Recovery.Quarantine)]);
        Assert.Contains("-" + length, store.Recovery.Quarantine[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WholeFrameBehindADamagedOne_IsAnAlarm()
    {
        var folder = Killed(7, out _);
        var name = folder.Names().Single(static name => name.EndsWith(".open", StringComparison.Ordinal));
        folder[name] = [.. folder[name], .. Forge.Record("half a record")[..9], .. Forge.Record("behind it")];

        var alarm = Assert.Throws<LogAlarmException>(() => SmallLog.Open(folder));

        Assert.Equal(LogFailureKind.BadFrame, alarm.Failure.Kind);
        Assert.False(folder.IsLocked);
    }

    [Fact]
    public void Open_CutBeforeTheCheckpoint_IsAnAlarm()
    {
        var folder = Killed(7, out var signed);
        var name = folder.Names().Single(static name => name.EndsWith(".open", StringComparison.Ordinal));

        var alarm = Assert.Throws<LogAlarmException>(ShortenAndOpen);

        Assert.True(alarm.Failure.Sequence < signed, alarm.Message);

        void ShortenAndOpen()
        {
            for (var length = folder[name].Length; ; length--)
            {
                // Until the cut reaches what was signed.
                folder[name] = folder[name][..length];
                SmallLog.Open(folder.Copy()).Dispose();
            }
        }
    }

    [Fact]
    public void Open_InSpiteOfTheAlarm_SetsTheOldLogAsideWholeAndBeginsANewOne()
    {
        var folder = SmallLog.Make(30);
        var old = SmallLog.Verify(folder).Origin;
        folder.Files.Remove(LogNames.SealedSegment(2));
        folder[LogNames.Checkpoint][5] ^= 1;
        Assert.Throws<LogAlarmException>(() => SmallLog.Open(folder));

        using var store = SmallLog.Open(folder, SmallLog.Settings with { StartsInSpiteOfAlarm = true });

        Assert.NotNull(store.Recovery.Alarm);
        Assert.NotEqual(old, store.Origin);
        Assert.Equal("log-" + old[LogIdentity.OriginBeginning.Length..], store.Recovery.SetAside);
        Assert.True(folder.Exists($"{store.Recovery.SetAside}/{LogNames.SealedSegment(1)}"));
        Assert.True(folder.Exists($"{store.Recovery.SetAside}/{LogNames.Identity}"));
        Assert.DoesNotContain(LogNames.SealedSegment(1), folder.Names());
    }

    [Fact]
    public void Open_RestoredCopy_StartsANewLog()
    {
        var folder = SmallLog.Make(5);
        var old = SmallLog.Verify(folder).Origin;
        var restored = new MemoryFolder();
        restored["something else"] = [];
        foreach (var name in folder.Names().Reverse())
        {
            restored[name] = folder[name];
        }

        using var store = SmallLog.Open(restored);

        Assert.NotEqual(old, store.Origin);
        Assert.Equal(0, store.CommittedSize);
        Assert.True(store.Recovery.IsWorthARecord);
        Assert.NotNull(store.Recovery.SetAside);
    }

    [Fact]
    public void Open_NewKeyUnderThePreviousOne_IsTrustedByWhoTrustsEither()
    {
        var folder = SmallLog.Make(5);
        var keys = new LogKeys(SigningKey.Make(), SmallLog.Keys.Current);
        using (var store = SmallLog.Open(folder, keys: keys))
        {
            SmallLog.Append(store, 5);
        }

        // The previous key has done its work.
        SmallLog.Open(folder, keys: new LogKeys(keys.Current)).Dispose();

        Assert.Null(SmallLog.Verify(folder).Failure);
        Assert.Null(new LogVerifier(folder, [keys.Current.Public]).Verify().Failure);
        Assert.Equal(LogFailureKind.UnknownKey, new LogVerifier(folder, [SigningKey.Make().Public]).Verify().Failure?.Kind);
    }

    [Fact]
    public void Open_NewKeyThatNobodyIntroduces_IsAnAlarm()
    {
        var alarm = Assert.Throws<LogAlarmException>(() => SmallLog.Open(SmallLog.Make(5), keys: new LogKeys(SigningKey.Make())));

        Assert.Equal(LogFailureKind.UnknownKey, alarm.Failure.Kind);
    }

    /// <summary>A log whose process was killed: the last records are not signed.</summary>
    private static MemoryFolder Killed(int records, out long signed)
    {
        var folder = new MemoryFolder();
        var store = SmallLog.Open(folder);
        SmallLog.Append(store, records);
        signed = store.LastCheckpoint?.Size ?? 0;
        return folder.Copy();
    }
}
