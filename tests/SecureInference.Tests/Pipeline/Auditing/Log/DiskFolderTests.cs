using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tests.Pipeline.Auditing.Log;

public sealed class DiskFolderTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("audit-log");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Store_OnDisk_IsWrittenClosedVerifiedAndGoesOn()
    {
        var folder = DiskFolder.Make(Path.Combine(_directory.FullName, "audit"));
        using (var keys = LogKeys.FromFolder(folder, out var isMade))
        {
            Assert.True(isMade);
            Write(folder, keys, 0);
        }

        using var again = LogKeys.FromFolder(folder, out var isMadeAgain);
        Write(folder, again, 500);

        Assert.False(isMadeAgain);
        var verification = new LogVerifier(folder, [CheckpointKey.FromPem(File.ReadAllText(Path.Combine(folder.Name, LogNames.PublicKey)))]).Verify();
        Assert.Null(verification.Failure);
        Assert.Equal(1000, verification.Size);
        Assert.NotNull(new LogProver(folder, [again.Current.Public]).Prove(700, out _));
    }

    [Fact]
    public async Task Verify_WhileItIsWritten_IsWhole()
    {
        var folder = new DiskFolder(_directory.FullName);
        using var keys = new LogKeys(SigningKey.Make());
        using var store = LogStore.Open(folder, new LogSettings { CheckpointRecords = 20, SegmentBytes = 3000, SyncsEachCommit = false }, keys, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var checks = Task.Run(() => Check(folder, keys, stop.Token), TestContext.Current.CancellationToken);
        for (var count = 0; count < 3000; count++)
        {
            store.Append(SmallLog.Record(count));
            store.Commit();
        }

        await stop.CancelAsync();
        Assert.All(await checks, static failure => Assert.Null(failure));
    }

    [Fact]
    public void Files_OnUnix_AreTheirOwnersAloneAndSealedOnesReadOnly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        var folder = new DiskFolder(_directory.FullName);
        using var keys = LogKeys.FromFolder(folder, out _);
        Write(folder, keys, 0);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead, ModeOf(LogNames.SealedSegment(1)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf(LogNames.Checkpoint));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf(LogNames.Key));
    }

    [Fact]
    public void Keys_FileThatOthersMayRead_IsRefused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes.");
            return;
        }

        var path = Path.Combine(_directory.FullName, "key.pem");
        File.WriteAllText(path, SigningKey.Make().ToPem());
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        var exception = Assert.Throws<InvalidDataException>(() => LogKeys.FromFile(path));

        Assert.Contains("0600", exception.Message, StringComparison.Ordinal);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var keys = LogKeys.FromFile(path);
        Assert.NotNull(keys.Current);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    public void Keys_NoKey_SayHowToMakeOne(string pem)
    {
        var exception = Assert.Throws<InvalidDataException>(() => LogKeys.FromPem(pem));

        Assert.Contains("openssl genpkey", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_SecondProcess_IsRefusedByName()
    {
        var folder = new DiskFolder(_directory.FullName);
        using var locked = folder.Lock(LogNames.Lock);

        var exception = Assert.Throws<IOException>(() => folder.Lock(LogNames.Lock));

        Assert.Contains("Another process writes", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_CopyMadeByHand_StartsANewLog()
    {
        var folder = new DiskFolder(_directory.FullName);
        using var keys = new LogKeys(SigningKey.Make());
        Write(folder, keys, 0);
        var identity = Path.Combine(_directory.FullName, LogNames.Identity);
        File.Copy(identity, identity + "2");
        File.Move(identity + "2", identity, overwrite: true);

        using var store = LogStore.Open(folder, new LogSettings(), keys, TimeProvider.System);

        Assert.NotNull(store.Recovery.SetAside);
        Assert.Equal(0, store.CommittedSize);
        Assert.Null(new LogVerifier(new DiskFolder(Path.Combine(_directory.FullName, store.Recovery.SetAside)), [keys.Current.Public]).Verify().Failure);
    }

    private static List<LogFailure?> Check(DiskFolder folder, LogKeys keys, CancellationToken stop)
    {
        var failures = new List<LogFailure?>();
        while (!stop.IsCancellationRequested)
        {
            var failure = new LogVerifier(folder, [keys.Current.Public]) { AllowsUnfinishedTail = true }.Verify().Failure;

            // Before its first records are signed it has nothing to check.
            failures.Add(failure?.Kind is LogFailureKind.NoLog or LogFailureKind.Unsigned ? null : failure);
        }

        return failures;
    }

    private static void Write(LogFolder folder, LogKeys keys, int start)
    {
        using var store = LogStore.Open(folder, new LogSettings { SegmentBytes = 8000 }, keys, TimeProvider.System);
        Assert.Equal(start, store.CommittedSize);
        for (var count = 0; count < 500; count++)
        {
            store.Append(SmallLog.Record(count));
            if (count % 50 == 49)
            {
                store.Commit();
            }
        }
    }

    private UnixFileMode ModeOf(string name) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(Path.Combine(_directory.FullName, name));
}
