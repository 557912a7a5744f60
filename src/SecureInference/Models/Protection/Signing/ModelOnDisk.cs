using SecureInference.Models.Protection.Files;

namespace SecureInference.Models.Protection.Signing;

/// <summary>A model as its publisher has it: one file, or a folder.</summary>
internal sealed class ModelOnDisk
{
    private readonly string _path;
    private readonly bool _isFile;

    private ModelOnDisk(string path, bool isFile)
    {
        _path = path;
        _isFile = isFile;
    }

    /// <summary>Gets the name that its signature gives it.</summary>
    public string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(_path));

    /// <summary>Gets whether it is one file.</summary>
    public bool IsFile => _isFile;

    /// <param name="path">The file or the folder.</param>
    /// <exception cref="FileRefusedException">It is neither, or not there.</exception>
    public static ModelOnDisk Find(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            return new ModelOnDisk(full, isFile: false);
        }

        return !File.Exists(full) ? throw new FileNotFoundException($"'{path}' does not exist.", path)
            : FileFacts.Of(RealPath.Of(full)) is { IsRegular: false } ? throw new FileRefusedException(path, "is neither a file nor a folder. Name the model's file or its folder")
            : new ModelOnDisk(full, isFile: true);
    }

    /// <summary>Returns the path of a file from the model's folder with <c>/</c>, or <see langword="null"/> where it lies elsewhere.</summary>
    public string? NameOf(string path)
    {
        var relative = Path.GetRelativePath(_path, Path.GetFullPath(path)).Replace(Path.DirectorySeparatorChar, '/');
        return !_isFile && relative != "." && !relative.StartsWith("../", StringComparison.Ordinal) && !Path.IsPathRooted(relative) ? relative : null;
    }

    /// <summary>Returns the names of its files.</summary>
    /// <exception cref="FileRefusedException">There is something else than files and folders in it.</exception>
    public IReadOnlyList<string> List(IEnumerable<string> ignored) => _isFile ? [Name] : ModelTree.List(_path, ignored);

    /// <summary>Returns where a file is.</summary>
    public string FileOf(string name) => _isFile ? _path : Path.Combine(_path, name.Replace('/', Path.DirectorySeparatorChar));
}
