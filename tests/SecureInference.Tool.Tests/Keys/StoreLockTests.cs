using System.Diagnostics;
using SecureInference.Tool.Keys;

namespace SecureInference.Tool.Tests.Keys;

public sealed class StoreLockTests
{
    [Fact]
    public async Task Acquire_LockThatStaysHeld_GivesUpAfterTenSeconds()
    {
        using var tool = new ToolFixture();
        using var held = await StoreLock.AcquireAsync(tool.Store, tool.Time, TestContext.Current.CancellationToken);
        var start = tool.Time.GetUtcNow();

        var run = tool.RunAsync("keys", "create", "--store", tool.Store, "--owner", "a", "--scope", "admin");
        while (!run.IsCompleted)
        {
            tool.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        var answer = await run;
        Assert.Equal(3, answer.ExitCode);
        Assert.Contains("Another tool has been changing the store for 10 seconds", answer.Error, StringComparison.Ordinal);
        Assert.True(tool.Time.GetUtcNow() - start >= StoreLock.Patience);
        Assert.False(File.Exists(tool.Store));
    }

    [Fact]
    public async Task Acquire_FileThatAKilledToolLeft_TakesIt()
    {
        using var tool = new ToolFixture();
        await File.WriteAllBytesAsync(tool.Store + ".lock", [], TestContext.Current.CancellationToken);

        var acquired = await StoreLock.AcquireAsync(tool.Store, tool.Time, TestContext.Current.CancellationToken);
        acquired.Dispose();

        Assert.Empty(Directory.GetFiles(tool.Folder));
    }

    [Fact]
    public async Task Dispose_FileThatSomebodyElseHasOpen_MarksItAsGone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows deletes a file when its last handle goes.");
        using var tool = new ToolFixture();
        var file = Path.Combine(tool.Folder, "opened-elsewhere");
        var acquired = await StoreLock.AcquireAsync(tool.Store, tool.Time, TestContext.Current.CancellationToken);
        using (var link = Process.Start("ln", [tool.Store + ".lock", file]))
        {
            await link.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        acquired.Dispose();

        Assert.Equal([file], Directory.GetFiles(tool.Folder));
        Assert.Equal(1, new FileInfo(file).Length);
    }

    [Fact]
    public async Task Acquire_LockIsASymbolicLink_IsRefusedAndMakesNothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows asks for a right to make symbolic links.");
        using var tool = new ToolFixture();
        var elsewhere = Path.Combine(tool.Folder, "elsewhere");
        File.CreateSymbolicLink(tool.Store + ".lock", elsewhere);

        var refusal = await Assert.ThrowsAsync<IOException>(
            () => StoreLock.AcquireAsync(tool.Store, tool.Time, TestContext.Current.CancellationToken));

        Assert.Contains("symbolic link", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(elsewhere));
    }

    [Fact]
    public async Task Acquire_FileThatIsMarkedAsGone_DoesNotTakeIt()
    {
        using var tool = new ToolFixture();
        var path = tool.Store + ".lock";
        await File.WriteAllBytesAsync(path, [1], TestContext.Current.CancellationToken);

        var waiting = StoreLock.AcquireAsync(tool.Store, tool.Time, TestContext.Current.CancellationToken);
        var isWaiting = !waiting.IsCompleted;
        File.Delete(path);
        tool.Time.Advance(TimeSpan.FromSeconds(1));
        using var acquired = await waiting;

        Assert.True(isWaiting);
    }

    [Fact]
    public async Task Acquire_Cancelled_Stops()
    {
        using var tool = new ToolFixture();
        using var held = await StoreLock.AcquireAsync(tool.Store, tool.Time, TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();

        var waiting = StoreLock.AcquireAsync(tool.Store, tool.Time, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Acquire_ManyAtOnce_LetsInOneAtATime()
    {
        using var tool = new ToolFixture();
        var inside = 0;
        var entered = 0;

        await Parallel.ForEachAsync(Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, cancellationToken) =>
        {
            using var acquired = await StoreLock.AcquireAsync(tool.Store, TimeProvider.System, cancellationToken);
            Assert.Equal(1, Interlocked.Increment(ref inside));
            await Task.Yield();
            entered++;
            Interlocked.Decrement(ref inside);
        });

        Assert.Equal(400, entered);
        Assert.Empty(Directory.GetFiles(tool.Folder));
    }
}
