using System.Reflection;

namespace SecureInference.Tests.Architecture;

public sealed class DependencyTests
{
    private const string Abstractions = "Abstractions";
    private const string Hosting = "Hosting";

    private static readonly Dictionary<Type, IReadOnlySet<Type>> Uses = SourceFolders.Types.ToDictionary(static type => type, TypeUse.Of);

    [Fact]
    public void Abstractions_NameNoFeature() => Assert.Empty(Violations(static (from, to) => from == Abstractions && to != Abstractions));

    [Fact]
    public void Features_NeverNameEachOther() => Assert.Empty(
        Violations(static (from, to) => from is not (Abstractions or Hosting) && to is not Abstractions && to != from));

    [Fact]
    public void Hosting_IsTheOnlyFolderThatKnowsTheOthers()
    {
        var features = SourceFolders.Types.Select(SourceFolders.Of).Where(static folder => folder is not Hosting).Distinct().Order();

        var known = Uses.Where(static use => SourceFolders.Of(use.Key) == Hosting)
            .SelectMany(static use => use.Value).Select(SourceFolders.Of).OfType<string>().Where(static folder => folder is not Hosting).Distinct().Order();

        Assert.Equal(features, known);
    }

    [Fact]
    public void Scan_BodiesOfMethods_AreRead()
    {
        var pipeline = SourceFolders.Types.Single(static type => type.Name == "SecureInferencePipeline");
        var buckets = SourceFolders.Types.Single(static type => type.Name == "LocalBuckets");

        Assert.Contains(Uses[pipeline], static type => type.Name == "SecureInferenceApplicationBuilderExtensions");
        Assert.Contains(Uses[buckets], static type => type.Name == "TokenBucket");
    }

    [Fact]
    public void Scan_EveryFolder_HasTypes()
    {
        var folders = Directory.GetDirectories(Repository.Core).Select(static folder => Path.GetFileName(folder)).Where(static name => name is not ("bin" or "obj" or "Pipeline"))
            .Concat(Directory.GetDirectories(Repository.Pipeline).Select(static folder => $"Pipeline/{Path.GetFileName(folder)}"));

        Assert.Equal(folders.Order(), SourceFolders.Types.Select(SourceFolders.Of).Distinct().Order());
    }

    [Fact]
    public void Namespaces_AgreeWithFolders()
    {
        var astray = SourceFolders.Types
            .Where(static type => type.Namespace is { } name && name.StartsWith("SecureInference", StringComparison.Ordinal))
            .Where(static type => type.Namespace != NamespaceOf(SourceFolders.Of(type)!) && !type.Namespace!.StartsWith(NamespaceOf(SourceFolders.Of(type)!) + ".", StringComparison.Ordinal));

        Assert.Empty(astray);
    }

    [Theory]
    [InlineData("SecureInference.Onnx")]
    [InlineData("SecureInference.OpenTelemetry")]
    [InlineData("SecureInference.Aws")]
    [InlineData("SecureInference.Redis")]
    public void PackagesBesideTheCore_SeeAbstractionsOnly(string name)
    {
        var package = Assembly.Load(name);

        var uses = package.GetTypes().SelectMany(static type => TypeUse.Of(type).Where(static used => used.Assembly == SourceFolders.Core)
            .Select(used => (From: type.FullName, To: used))).ToArray();

        Assert.NotEmpty(uses);
        Assert.DoesNotContain(uses, static use => use.To.Namespace != "SecureInference" || SourceFolders.Of(use.To) != Abstractions);
    }

    [Fact]
    public void Admission_NamesNothingOfOnnxRuntime()
    {
        var admission = Assembly.Load("SecureInference.Onnx").GetTypes().Where(static type => type.Namespace?.StartsWith("SecureInference.Onnx.Admission", StringComparison.Ordinal) == true).ToArray();

        Assert.NotEmpty(admission);
        Assert.DoesNotContain(admission.SelectMany(TypeUse.Of), static used => used.Namespace?.StartsWith("Microsoft.ML", StringComparison.Ordinal) == true);
    }

    private static string NamespaceOf(string folder) =>
        folder == Abstractions ? "SecureInference" : "SecureInference." + folder.Replace('/', '.');

    private static IEnumerable<string> Violations(Func<string, string, bool> isViolation) =>
        from use in Uses
        let folder = SourceFolders.Of(use.Key)
        from used in use.Value
        let other = SourceFolders.Of(used)
        where other is not null && isViolation(folder, other)
        select $"{folder}/{use.Key.Name} names {other}/{used.Name}";
}
