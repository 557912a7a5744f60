using SecureInference.TestSupport;

namespace SecureInference.Tests.Abstractions;

public sealed class RealPathTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_PathWithoutLinks_IsThePathInFull() => Assert.Equal(RealPath.Of(_folder.Path) + "/a/b", RealPath.Of(_folder.File("a/c/../b")));

    [Fact]
    public void Of_LinksInFoldersAndAtTheEnd_FollowsThemAll()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        Directory.CreateDirectory(_folder.File("..v1"));
        File.WriteAllText(_folder.File("..v1/keys.json"), "");
        Directory.CreateSymbolicLink(_folder.File("..data"), "..v1");
        File.CreateSymbolicLink(_folder.File("keys.json"), "..data/keys.json");
        Directory.CreateSymbolicLink(_folder.File("mount"), _folder.Path);

        Assert.Equal(Path.Combine(RealPath.Of(_folder.Path), "..v1", "keys.json"), RealPath.Of(_folder.File("mount/keys.json")));
    }

    [Fact]
    public void Of_LinkToNothing_IsWhereItPoints()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        File.CreateSymbolicLink(_folder.File("link"), "nowhere/at/all");

        Assert.Equal(Path.Combine(RealPath.Of(_folder.Path), "nowhere/at/all"), RealPath.Of(_folder.File("link")));
    }

    [Fact]
    public void Of_Circle_Throws()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        File.CreateSymbolicLink(_folder.File("one"), "two");
        File.CreateSymbolicLink(_folder.File("two"), "one");

        Assert.Throws<IOException>(() => RealPath.Of(_folder.File("one")));
    }
}
