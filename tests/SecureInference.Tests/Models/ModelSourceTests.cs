using SecureInference.Models;
using SecureInference.TestSupport;

namespace SecureInference.Tests.Models;

public sealed class ModelSourceTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_OneFile_IsVersion1()
    {
        Write("model.onnx");

        var found = Assert.Single(Find("model.onnx"));

        Assert.Equal(("1", _folder.File("model.onnx"), null), (found.Version, found.File, found.Problem));
        Assert.Equal(1, found.Stamp.File.Length);
    }

    [Fact]
    public void Find_FileThatIsMissing_IsLeftToTheLoader() => Assert.Null(Assert.Single(Find("nowhere.onnx")).Problem);

    [Fact]
    public void Find_Folders_AreOrderedAsNumbersTheHighestFirst()
    {
        Write("m/2/a.onnx", "m/10/b.onnx", "m/9/c.onnx", "m/1580000000123/d.onnx");

        Assert.Equal(["1580000000123", "10", "9", "2"], Find("m").Select(static found => found.Version));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("01")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.0")]
    [InlineData(" 1")]
    [InlineData("v1")]
    [InlineData("..data")]
    [InlineData("99999999999999999999")]
    public void Find_FolderThatIsNoNumber_IsPassedOver(string name)
    {
        Write($"m/{name}/model.onnx", "m/3/model.onnx");

        Assert.Equal("3", Assert.Single(Find("m")).Version);
    }

    [Fact]
    public void Find_OtherFilesInTheFolder_ArePassedOver()
    {
        Write("m/1/model.onnx", "m/1/labels.txt", "m/1/.model.onnx.part", "m/1/.part.onnx", "m/readme.md");

        Assert.Equal(_folder.File("m/1/model.onnx"), Assert.Single(Find("m")).File);
    }

    [Theory]
    [InlineData("no .onnx file", "m/1/labels.txt")]
    [InlineData("more than one .onnx file", "m/1/a.onnx", "m/1/b.onnx")]
    public void Find_FolderWithoutExactlyOneFile_IsAProblemOfThatVersionAlone(string problem, params string[] files)
    {
        Write([.. files, "m/2/model.onnx"]);

        var found = Find("m");

        Assert.Equal(["2", "1"], found.Select(static one => one.Version));
        Assert.Null(found[0].Problem);
        Assert.Contains(problem, found[1].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_FolderWithoutVersions_SaysWhatToDo()
    {
        Write("m/model.onnx");

        var exception = Assert.Throws<ModelLoadException>(() => Find("m"));

        Assert.Contains("is a folder without versions. Name the model file in it, or put the file into a folder in it that is called 1.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_VersionsThatAreListed_AreThoseInTheirOrderAndTheMissingAreNamed()
    {
        Write("m/1/model.onnx", "m/2/model.onnx", "m/3/model.onnx");

        var found = Find("m", "1", "7", "3");

        Assert.Equal(["7", "3", "1"], found.Select(static one => one.Version));
        Assert.Contains("Versions names 7", found[0].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_AllOfTooMany_IsRefused()
    {
        Write([.. Enumerable.Range(1, 33).Select(static number => $"m/{number}/model.onnx")]);

        Assert.Equal(33, Find("m").Count);
        Assert.Contains("has 33 versions, and at most 32 are served", Assert.Throws<ModelLoadException>(() => Find("m", "all")).Message, StringComparison.Ordinal);
    }

    private void Write(params string[] names)
    {
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
            File.WriteAllText(_folder.File(name), "4");
        }
    }

    private IReadOnlyList<ModelCandidate> Find(string path, params string[] versions) =>
        ModelSource.Find("m", new ModelOptions { Path = _folder.File(path), Versions = versions });
}
