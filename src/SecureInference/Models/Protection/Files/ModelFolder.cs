using Microsoft.Win32.SafeHandles;

namespace SecureInference.Models.Protection.Files;

/// <summary>The folder that a model's files lie in, links followed: what leads out of it is refused.</summary>
internal sealed class ModelFolder
{
    private readonly string _root;

    private ModelFolder(string path, string root, string name)
    {
        Path = path;
        Name = name;
        _root = root;
    }

    /// <summary>Gets the folder that the model's file is in. In a volume of Kubernetes, all in it belongs to one version of the volume.</summary>
    public string Path { get; }

    /// <summary>Gets the name of the model's file.</summary>
    public string Name { get; }

    /// <summary>Finds the folder of a model's file.</summary>
    /// <param name="file">The file as it was named, absolute.</param>
    /// <param name="root">What it may not lead out of; the folder that it was named in, where nothing is said.</param>
    /// <exception cref="FileRefusedException">It leads out of it.</exception>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static ModelFolder Of(string file, string? root)
    {
        var named = System.IO.Path.TrimEndingDirectorySeparator(file);
        var real = RealPath.Of(named);
        var realRoot = RealPath.Of(root ?? System.IO.Path.GetDirectoryName(named) ?? named);
        return IsIn(realRoot, real)
            ? new ModelFolder(System.IO.Path.GetDirectoryName(real) ?? real, realRoot, System.IO.Path.GetFileName(real))
            : throw Outside(file, real, realRoot);
    }

    /// <summary>Returns a file of the folder.</summary>
    /// <param name="name">Its path from the folder, with <c>/</c>.</param>
    public string File(string name) => System.IO.Path.Combine(Path, name.Replace('/', System.IO.Path.DirectorySeparatorChar));

    /// <summary>Opens a file, and makes sure that what is open is a plain file inside the folder.</summary>
    /// <exception cref="FileRefusedException">It is not.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public SafeFileHandle Open(string path)
    {
        var real = RealPath.Of(path);
        if (!IsIn(_root, real))
        {
            throw Outside(path, real, _root);
        }

        // Before it is opened: to open a pipe waits for somebody who writes to it.
        RequirePlain(FileFacts.Of(real), path);
        var handle = System.IO.File.OpenHandle(real, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.Asynchronous | FileOptions.SequentialScan);
        try
        {
            RequirePlain(FileFacts.Of(handle), path);
            var opened = FindOpened(handle, real);
            return IsIn(_root, opened) ? handle : throw Outside(path, opened, _root);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static void RequirePlain(FileFacts? facts, string path)
    {
        if (facts is { IsRegular: false, IsFolder: false })
        {
            throw new FileRefusedException(path, "is no plain file. Put the file itself there");
        }
    }

    // Between the look and the opening somebody may have put a link there: the system knows what is open.
    private static string FindOpened(SafeFileHandle handle, string real) => OperatingSystem.IsLinux()
        ? new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget is { } opened && System.IO.Path.IsPathFullyQualified(opened) ? opened : RealPath.Of(real)
        : RealPath.Of(real);

    private static bool IsIn(string root, string path) => path.StartsWith(System.IO.Path.EndsInDirectorySeparator(root) ? root : root + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static FileRefusedException Outside(string path, string real, string root) =>
        new(path, $"leads to '{real}', outside the model's folder '{root}'. Put the file itself there");
}
