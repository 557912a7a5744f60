namespace SecureInference.Onnx.Tests.Admission;

/// <summary>The hostile models that lie beside the checkout, where they do.</summary>
internal static class Vectors
{
    public static string Root { get; } = FindRoot();

    public static string Folder => Path.Combine(Root, "..", "shared", "vectors", "onnx-adversarial");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SecureInference.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("SecureInference.sln is in no folder above the tests.");
    }
}
