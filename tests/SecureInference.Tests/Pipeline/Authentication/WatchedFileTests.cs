using System.Text;
using Microsoft.Extensions.Time.Testing;
using SecureInference.Pipeline.Authentication;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Pipeline.Authentication;

public sealed class WatchedFileTests : IDisposable
{
    private static readonly DateTime Old = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private int _conversions;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_Unchanged_IsReadOnce()
    {
        Write("keys.json", "a");
        using var sut = Watch("keys.json");

        Assert.Equal("a", Read(sut));
        Assert.Null(Read(sut));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(Read(sut));
        Assert.Equal(1, _conversions);
    }

    [Fact]
    public void Read_WrittenInPlace_IsSeen()
    {
        Write("keys.json", "a");
        using var sut = Watch("keys.json");
        Read(sut);

        Write("keys.json", "b", Old.AddHours(1));

        Assert.Equal("b", Read(sut));
    }

    [Fact]
    public void Read_ReplacedByARename_IsSeen()
    {
        Write("keys.json", "a");
        using var sut = Watch("keys.json");
        Read(sut);
        Write("new", "bb");

        File.Move(_folder.File("new"), _folder.File("keys.json"), overwrite: true);

        Assert.Equal("bb", Read(sut));
    }

    [Fact]
    public void Read_YoungFileChangedWithinATick_IsSeen()
    {
        var now = _time.GetUtcNow().UtcDateTime;
        Swap("v1");
        Write("v1/keys.json", "a", now);
        using var sut = Watch("current/keys.json");
        Assert.Equal("a", Read(sut));

        // Nothing tells the two apart but what they hold, and the watch is on another folder.
        Swap("v2");
        Write("v2/keys.json", "b", now);
        Assert.Equal("b", Read(sut));
        Write("v2/keys.json", "c", now);
        Assert.Equal("c", Read(sut));
    }

    [Fact]
    public void Read_FolderSwappedAboveTheWatch_IsSeenAtTheNextLook()
    {
        Swap("v1");
        Write("v1/keys.json", "a");
        Write("v2/keys.json", "b");
        using var sut = Watch("current/keys.json");
        Assert.Equal("a", Read(sut));

        Swap("v2");

        Assert.Equal("b", Read(sut));
    }

    [Fact]
    public void Read_MountOfKubernetesSwapped_IsSeenAtTheNextLook()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        Write("mount/..v1/keys.json", "a");
        Write("mount/..v2/keys.json", "b");
        Directory.CreateSymbolicLink(_folder.File("mount/..data"), "..v1");
        File.CreateSymbolicLink(_folder.File("mount/keys.json"), "..data/keys.json");
        using var sut = Watch("mount/keys.json");
        Assert.Equal("a", Read(sut));

        Directory.CreateSymbolicLink(_folder.File("mount/..data_tmp"), "..v2");
        File.Delete(_folder.File("mount/..data"));
        Directory.Move(_folder.File("mount/..data_tmp"), _folder.File("mount/..data"));
        Directory.Delete(_folder.File("mount/..v1"), recursive: true);

        Assert.Equal("b", Read(sut));
    }

    [Fact]
    public void Read_SameStampAndNoEvent_IsSeenAfterTenSeconds()
    {
        Swap("v1");
        Write("v1/keys.json", "a");
        using var sut = Watch("current/keys.json");
        Swap("v2");
        Write("v2/keys.json", "b");
        Assert.Equal("b", Read(sut));
        Write("v2/keys.json", "c");
        Assert.Null(Read(sut));

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("c", Read(sut));
    }

    [Fact]
    public void Read_Deleted_ThrowsUntilItIsBack()
    {
        Write("keys.json", "a");
        using var sut = Watch("keys.json");
        Read(sut);

        File.Delete(_folder.File("keys.json"));

        Assert.Throws<FileNotFoundException>(() => Read(sut));
        Assert.Throws<FileNotFoundException>(() => Read(sut));
        Write("keys.json", "b");
        Assert.Equal("b", Read(sut));
    }

    [Fact]
    public void Read_ConversionFails_IsTriedAgain()
    {
        Write("keys.json", "bad");
        using var sut = Watch("keys.json");

        Assert.Throws<FormatException>(() => sut.ReadIfChanged<string>(static _ => throw new FormatException()));

        Assert.Equal("bad", Read(sut));
    }

    [Fact]
    public void Read_ConversionFailsAndTheFileIsPutBack_IsUnchanged()
    {
        Write("keys.json", "a");
        using var sut = Watch("keys.json");
        Read(sut);
        Write("keys.json", "bad", Old.AddHours(1));
        Assert.Throws<FormatException>(() => sut.ReadIfChanged<string>(static _ => throw new FormatException()));

        Write("keys.json", "a", Old.AddHours(2));

        Assert.Null(Read(sut));
    }

    [Fact]
    public void Forget_UnchangedFile_IsReadAgain()
    {
        Write("keys.json", "a");
        using var sut = Watch("keys.json");
        Read(sut);

        sut.Forget();

        Assert.Equal("a", Read(sut));
    }

    [Fact]
    public async Task Watch_FileIsReplacedAndAnotherIsWritten_TellsOfTheFileOnly()
    {
        Write("keys.json", "a");
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        using var sut = new WatchedFile(_folder.File("keys.json"), _time, () =>
        {
            Interlocked.Increment(ref count);
            told.TrySetResult();
        });
        for (var other = 0; other < 100; other++)
        {
            Write("audit.jsonl", "line");
        }

        File.WriteAllText(_folder.File("keys.json"), "b");

        await told.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.InRange(Volatile.Read(ref count), 1, 10);
    }

    [Fact]
    public void Watch_FolderThatIsNotThere_IsPolledAllTheSame()
    {
        using var sut = Watch("later/keys.json");
        Assert.ThrowsAny<IOException>(() => Read(sut));

        Write("later/keys.json", "a");

        Assert.Equal("a", Read(sut));
    }

    private WatchedFile Watch(string name) => new(_folder.File(name), _time, static () => { });

    private string? Read(WatchedFile file) => file.ReadIfChanged(bytes =>
    {
        _conversions++;
        return Encoding.UTF8.GetString(bytes);
    });

    private void Write(string name, string text, DateTime? lastWrite = null)
    {
        var path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, lastWrite ?? Old);
    }

    /// <summary>Has the link "current" point to a folder.</summary>
    private void Swap(string target)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        Directory.CreateDirectory(_folder.File(target));
        File.Delete(_folder.File("current"));
        Directory.CreateSymbolicLink(_folder.File("current"), target);
    }
}
