namespace SecureInference.TestSupport;

/// <summary>The checkout that the tests were built from. A path from the compiler would not do: a build for CI maps such paths away.</summary>
public static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string Docs => Path.Combine(Root, "docs");

    public static string Sample(string name) => Path.Combine(Root, "samples", name);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SecureInference.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("These tests run inside the checkout: no folder above has SecureInference.sln.");
        }

        return folder.FullName;
    }
}
