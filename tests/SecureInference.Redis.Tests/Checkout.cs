namespace SecureInference.Redis.Tests;

/// <summary>Finds files of the checkout.</summary>
internal static class Checkout
{
    public static string Docs { get; } = Path.Combine(FindRoot(), "docs");

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
