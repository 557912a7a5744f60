using System.Text.RegularExpressions;

namespace SecureInference.Tests.Architecture;

public sealed partial class FolderTests
{
    private const int MaxLines = 250;

    public static TheoryData<string> PipelineFolders => [.. Directory.GetDirectories(Repository.Pipeline).Select(static folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Pipeline_FoldersInTheirAlphabet_AreTheStagesInTheirOrder()
    {
        var folders = Directory.GetDirectories(Repository.Pipeline).Select(static folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

        // Validation stands behind the protocol, which makes tensors of bytes, and so is no stage of the middleware.
        Assert.Equal([.. Enum.GetNames<InferenceStage>(), "Validation"], folders);
    }

    [Fact]
    public void Pipeline_FileThatComposes_NamesTheStagesInTheirOrder()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Core, "Hosting", "SecureInferencePipeline.cs"));

        var composed = Composed.Matches(source).Select(static match => match.Groups[1].Value);

        Assert.Equal(Enum.GetNames<InferenceStage>(), composed);
    }

    [Theory]
    [MemberData(nameof(PipelineFolders))]
    public void Pipeline_EveryFolder_HasItsSlots(string folder)
    {
        var files = FilesOf(Path.Combine(Repository.Pipeline, folder));
        var below = Directory.GetDirectories(Path.Combine(Repository.Pipeline, folder)).SelectMany(FilesOf);

        Assert.Single(files, static file => file.EndsWith("Telemetry", StringComparison.Ordinal));
        Assert.Single(files, static file => file.EndsWith("Middleware", StringComparison.Ordinal) || file.EndsWith("Runner", StringComparison.Ordinal));
        Assert.Equal(folder == "Validation" ? 0 : 1, files.Count(static file => file.EndsWith("BuilderExtensions", StringComparison.Ordinal)));
        Assert.Equal(folder is "Authorization" or "Validation", !files.Concat(below).Any(static file => file.EndsWith("Options", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Authentication/ApiKeys")]
    [InlineData("Authentication/ClientCertificates")]
    [InlineData("Authentication/Jwt")]
    [InlineData("Authentication/Revocations")]
    public void Pipeline_EveryPartOfAFolder_IsSwitchedOnAndTuned(string folder)
    {
        var files = FilesOf(Path.Combine(Repository.Pipeline, folder));

        Assert.Single(files, static file => file.EndsWith("BuilderExtensions", StringComparison.Ordinal));
        Assert.Contains(files, static file => file.EndsWith("Options", StringComparison.Ordinal));
    }

    [Fact]
    public void Folders_NoneIsADrawerForEverything()
    {
        var drawers = Directory.GetDirectories(Repository.Source, "*", SearchOption.AllDirectories)
            .Where(static folder => !Path.GetRelativePath(Repository.Source, folder).Split(Path.DirectorySeparatorChar).Any(static part => part is "bin" or "obj"))
            .Where(static folder => Path.GetFileName(folder) is "Utils" or "Utilities" or "Helpers" or "Common" or "Internal" or "Shared" or "Misc");

        Assert.Empty(drawers);
    }

    [Fact]
    public void Files_NoneIsLongerThanTheHouseAllows()
    {
        var files = Repository.FilesBelow(Repository.Source).Concat(Repository.FilesBelow(Path.Combine(Repository.Root, "tests"))).ToArray();

        Assert.NotEmpty(files);
        Assert.Empty(files.Where(static file => File.ReadLines(file).Count() > MaxLines).Select(static file => Path.GetFileName(file)));
    }

    [Fact]
    public void Files_EachHasOneTypeThatIsCalledAsTheFile()
    {
        foreach (var file in Repository.FilesBelow(Repository.Source).Where(static file => !file.EndsWith("Program.cs", StringComparison.Ordinal)))
        {
            // What a source generator needs may stand below the type that it is made for.
            var name = Path.GetFileNameWithoutExtension(file);
            var types = Declaration.Matches(File.ReadAllText(file))
                .Where(match => match.Groups["name"].Value == name || !match.Value.Contains("JsonSerializerContext", StringComparison.Ordinal));

            Assert.Equal(name, Assert.Single(types.Select(static match => match.Groups["name"].Value)));
        }
    }

    [Fact]
    public void Files_NoRegions()
    {
        var hiding = Repository.FilesBelow(Repository.Source).Where(static file => File.ReadLines(file).Any(static line => line.TrimStart().StartsWith("#region", StringComparison.Ordinal)));

        Assert.Empty(hiding);
    }

    private static string[] FilesOf(string folder) => [.. Directory.GetFiles(folder, "*.cs").Select(static file => Path.GetFileNameWithoutExtension(file))];

    [GeneratedRegex(@"^\s+app\.UseInference([A-Za-z]+)\(\);", RegexOptions.Multiline)]
    private static partial Regex Composed { get; }

    [GeneratedRegex(@"^(?:public|internal|file)\s(?:[a-z]+\s)*(?:class|struct|record|interface|enum|delegate\s\S+)\s(?<name>\w+).*$", RegexOptions.Multiline)]
    private static partial Regex Declaration { get; }
}
