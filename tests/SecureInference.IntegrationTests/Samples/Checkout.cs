namespace SecureInference.IntegrationTests.Samples;

/// <summary>Finds the samples, as they lie in the checkout and as they were built beside these tests.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string Folder(string sample) => Path.Combine(Root, "samples", sample);

    public static string Assembly(string sample)
    {
        // bin/<configuration>/<framework>, as for these tests.
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(Folder(sample), "bin", output.Parent!.Name, output.Name, sample + ".dll");
    }

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
