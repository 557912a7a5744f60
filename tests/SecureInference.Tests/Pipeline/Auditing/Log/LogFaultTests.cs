using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tests.Pipeline.Auditing.Log;

public sealed class LogFaultTests
{
    [Theory]
    [InlineData("write", true)]
    [InlineData("write", false)]
    [InlineData("fsync", false)]
    [InlineData("create", false)]
    [InlineData("sync", false)]
    [InlineData("rename", false)]
    [InlineData("cut", false)]
    public void Commit_DiskFailsForAWhile_ThrowsAndThenGoesOnByItself(string operation, bool writesHalf)
    {
        var folder = new MemoryFolder();
        using (var store = SmallLog.Open(folder))
        {
            SmallLog.Append(store, 5);
            var hasFailed = false;
            folder.WritesHalf = writesHalf;
            folder.Fault = (now, _) => now == operation ? new IOException("No space left on device.") : null;
            for (var count = 0; count < 30; count++)
            {
                store.Append(SmallLog.Record(store.NextSequence));
                hasFailed |= !TryCommit(store);
            }

            folder.Fault = static (_, _) => null;
            Assert.True(TryCommit(store) || TryCommit(store));
            Assert.Equal(35, store.CommittedSize);
            Assert.Equal(operation != "cut", hasFailed);
            SmallLog.Append(store, 5);
        }

        Assert.Null(SmallLog.Verify(folder).Failure);
        Assert.Equal(Enumerable.Range(0, 40).Select(static number => SmallLog.Record(number)), SmallLog.Records(folder));
    }

    [Fact]
    public void Commit_AnyOneOperationFails_NothingIsLostOrTwice()
    {
        for (var failing = 0; failing < 80; failing++)
        {
            var folder = new MemoryFolder();
            using (var store = SmallLog.Open(folder))
            {
                var operation = 0;
                folder.WritesHalf = true;
                folder.Fault = (_, _) => operation++ == failing ? new UnauthorizedAccessException("Read-only file system.") : null;
                for (var count = 0; count < 20; count++)
                {
                    store.Append(SmallLog.Record(count));
                    _ = TryCommit(store);
                }

                folder.Fault = static (_, _) => null;
                _ = TryCommit(store);
                Assert.Equal(20, store.CommittedSize);
            }

            var verification = SmallLog.Verify(folder);
            Assert.True(verification.Failure is null, $"operation {failing}: {verification.Failure}");
            Assert.Equal(20, SmallLog.Records(folder).Length);
        }
    }

    [Fact]
    public void Commit_SyncFailed_WritesItAgainIntoANewSegment()
    {
        var folder = new MemoryFolder();
        using var store = SmallLog.Open(folder);
        SmallLog.Append(store, 2);
        folder.Fault = static (operation, _) => operation == "fsync" ? new IOException("EIO") : null;
        store.Append(SmallLog.Record(2));

        Assert.Throws<IOException>(store.Commit);
        Assert.Equal(2, store.CommittedSize);
        folder.Fault = static (_, _) => null;
        store.Commit();

        Assert.Equal(3, store.CommittedSize);
        Assert.Contains(LogNames.SealedSegment(1), folder.Names());
        Assert.Contains(LogNames.OpenSegment(2), folder.Names());
    }

    [Fact]
    public void Commit_SegmentWasDeleted_ThrowsAndSaysSo()
    {
        var folder = new MemoryFolder();
        using var store = SmallLog.Open(folder);
        SmallLog.Append(store, 2);
        folder.Files.Remove(LogNames.OpenSegment(1));
        store.Append(SmallLog.Record(2));

        var exception = Assert.Throws<IOException>(store.Commit);
        store.Commit();

        Assert.Contains("was moved, cut or deleted", exception.Message, StringComparison.Ordinal);
        Assert.Equal(3, store.CommittedSize);
        Assert.Equal(LogFailureKind.SegmentMissing, SmallLog.Verify(folder).Failure?.Kind);
    }

    [Fact]
    public void Append_EmptyOrTooLong_IsRefused()
    {
        using var store = SmallLog.Open(new MemoryFolder());

        Assert.Throws<ArgumentException>(() => store.Append([]));
        Assert.Throws<ArgumentException>(() => store.Append(new byte[(1 << 20) + 1]));
        Assert.Equal(0, store.Append(new byte[1 << 20]));
    }

    [Fact]
    public void Append_AllocatesNothing()
    {
        using var store = SmallLog.Open(new MemoryFolder());
        var record = SmallLog.Record(1);
        store.Append(record);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var count = 0; count < 1000; count++)
        {
            store.Append(record);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static bool TryCommit(LogStore store)
    {
        try
        {
            store.Commit();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
