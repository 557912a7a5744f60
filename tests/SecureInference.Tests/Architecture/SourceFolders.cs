using System.Reflection;

namespace SecureInference.Tests.Architecture;

/// <summary>Says which folder a type was written in: extension classes live in the platform's namespaces, so a namespace is not enough.</summary>
internal static class SourceFolders
{
    private static readonly Dictionary<string, string> FolderOfFile = Repository.FilesBelow(Repository.Core).ToDictionary(
        static file => Path.GetFileNameWithoutExtension(file),
        static file => FeatureOf(Path.GetRelativePath(Repository.Core, file)));

    public static Assembly Core => typeof(Tensor).Assembly;

    /// <summary>Gets every type of the core that somebody wrote, without nested ones.</summary>
    public static IEnumerable<Type> Types => Core.GetTypes().Where(static type => type.DeclaringType is null && Of(type) is not null);

    /// <summary>Returns the feature, such as "Abstractions", "Protocol" or "Pipeline/Arrival", or <see langword="null"/> for what a generator wrote.</summary>
    public static string? Of(Type type)
    {
        if (type.Assembly != Core)
        {
            return null;
        }

        var name = TypeUse.Outermost(type).Name.Split('`')[0];
        return FolderOfFile.TryGetValue(name, out var folder) ? folder : OfNamespace(type.Namespace);
    }

    private static string? OfNamespace(string? name) => name is null || !name.StartsWith("SecureInference.", StringComparison.Ordinal)
        ? null
        : FeatureOf(name["SecureInference.".Length..].Replace('.', Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar);

    private static string FeatureOf(string path)
    {
        var parts = path.Split(Path.DirectorySeparatorChar);
        return parts[0] == "Pipeline" ? $"Pipeline/{parts[1]}" : parts[0];
    }
}
