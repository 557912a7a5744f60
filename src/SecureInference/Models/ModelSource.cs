namespace SecureInference.Models;

/// <summary>Finds the versions of a model: one file, or numbered folders that hold one file each.</summary>
internal static class ModelSource
{
    /// <summary>More are a mistake, such as a build that never takes its old versions away; each takes its memory.</summary>
    private const int MaxVersions = 32;

    // In the clear, or encrypted.
    private static readonly string[] Suffixes = ["*.onnx", "*.onnx.age"];

    /// <summary>Finds the versions that the options ask for, the highest first.</summary>
    /// <exception cref="ModelLoadException">There is none; the message says what to do.</exception>
    public static IReadOnlyList<ModelCandidate> Find(string model, ModelOptions options)
    {
        // A file that is missing is found out by who loads it, with the same words as one that cannot be read.
        var found = Directory.Exists(options.Path) ? FindFolders(model, options.Path) : [ModelCandidate.Of(VersionNumber.OfOneFile, options.Path)];
        if (options.Versions is [])
        {
            return found;
        }

        if (options.Versions is not [VersionNumber.All])
        {
            return [.. options.Versions.OrderByDescending(NumberOf).Select(version =>
                found.FirstOrDefault(candidate => candidate.Version == version) ?? ModelCandidate.Unusable(version, $"Models:{model}:Versions names {version}, which '{options.Path}' does not have."))];
        }

        return found.Length <= MaxVersions
            ? found
            : throw new ModelLoadException($"Models:{model}: '{options.Path}' has {found.Length} versions, and at most {MaxVersions} are served. Take some away, or name those to serve in Versions.");
    }

    private static ModelCandidate[] FindFolders(string model, string path)
    {
        ModelCandidate[] found = [.. Directory.EnumerateDirectories(path)
            .Where(static folder => VersionNumber.TryParse(Path.GetFileName(folder), out _))
            .Select(folder => FindFile(model, folder))
            .OrderByDescending(static candidate => NumberOf(candidate.Version))];
        return found is not []
            ? found
            : throw new ModelLoadException($"Models:{model}:Path: '{path}' is a folder without versions. Name the model file in it, or put the file into a folder in it that is called 1.");
    }

    private static ModelCandidate FindFile(string model, string folder)
    {
        var version = Path.GetFileName(folder);

        // Names that begin with a dot are of files that are still on their way here.
        string[] files = [.. Suffixes.SelectMany(suffix => Directory.EnumerateFiles(folder, suffix)).Where(static file => Path.GetFileName(file)[0] != '.').Take(2)];
        return files is [var file]
            ? ModelCandidate.Of(version, file)
            : ModelCandidate.Unusable(version, $"Models:{model}: the folder '{folder}' has {(files is [] ? "no" : "more than one")} .onnx file. Put exactly one there.");
    }

    private static long NumberOf(string version) => VersionNumber.TryParse(version, out var number) ? number : 0;
}
