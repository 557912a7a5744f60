namespace SecureInference.Tool.Models;

/// <summary>Says how many bytes a model has, to show how far the work on it is.</summary>
internal static class ModelLength
{
    public static long Of(string path)
    {
        try
        {
            return Directory.Exists(path) ? new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(static file => file.Length) : new FileInfo(path).Length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Whoever reads it will say what is wrong.
            return 0;
        }
    }
}
