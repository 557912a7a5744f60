using SecureInference.TestSupport;

namespace SecureInference.Tests.Architecture;

/// <summary>The source of the library, as it lies in the checkout.</summary>
internal static class Repository
{
    public static string Root => Checkout.Root;

    public static string Source => Path.Combine(Root, "src");

    public static string Core => Path.Combine(Source, "SecureInference");

    public static string Pipeline => Path.Combine(Core, "Pipeline");

    /// <summary>Every source file below a folder, without what the build makes.</summary>
    public static IEnumerable<string> FilesBelow(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(static file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(static part => part is "bin" or "obj"));
}
