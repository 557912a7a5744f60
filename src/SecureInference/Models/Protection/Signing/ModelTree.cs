using SecureInference.Models.Protection.Files;

namespace SecureInference.Models.Protection.Signing;

/// <summary>Lists the files of a model's folder, as signers and verifiers go through it: no link is followed.</summary>
internal static class ModelTree
{
    /// <summary>What tools keep in the folder of a model, and no signature lists.</summary>
    public static readonly string[] DefaultIgnored = [".git", ".gitattributes", ".github", ".gitignore"];

    /// <summary>As many as a signature may list.</summary>
    private const int MaxFiles = 1_000_000;
    private const int MaxDepth = 256;

    /// <param name="folder">The folder.</param>
    /// <param name="ignored">Paths from it that are left out, with all that is below them.</param>
    /// <returns>The files' paths from the folder, with <c>/</c>, in no order.</returns>
    /// <exception cref="FileRefusedException">There is something else than files and folders, or too much.</exception>
    public static List<string> List(string folder, IEnumerable<string> ignored)
    {
        var leave = ignored.Select(static path => path.TrimEnd('/')).Concat(DefaultIgnored).ToHashSet(StringComparer.Ordinal);
        var files = new List<string>();
        var folders = new Stack<(string Prefix, int Depth)>([("", 0)]);
        while (folders.TryPop(out var next))
        {
            if (next.Depth > MaxDepth)
            {
                throw new FileRefusedException(folder, $"is a folder of more than {MaxDepth} folders in each other. Sign less of it");
            }

            foreach (var entry in new DirectoryInfo(Path.Combine(folder, next.Prefix)).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }))
            {
                var name = next.Prefix.Length == 0 ? entry.Name : $"{next.Prefix}/{entry.Name}";
                if (leave.Contains(name))
                {
                    continue;
                }

                if (IsFolder(entry))
                {
                    folders.Push((name, next.Depth + 1));
                }
                else
                {
                    files.Add(files.Count < MaxFiles ? name : throw new FileRefusedException(folder, $"has more than {MaxFiles} files. Sign less of it"));
                }
            }
        }

        return files;
    }

    private static bool IsFolder(FileSystemInfo entry)
    {
        if (entry.LinkTarget is not null || entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
        {
            throw new FileRefusedException(entry.FullName, "is a symbolic link, which no signature follows. Put the file itself there, or leave the link out");
        }

        return FileFacts.Of(entry.FullName) is { IsRegular: false, IsFolder: false }
            ? throw new FileRefusedException(entry.FullName, "is neither a file nor a folder. Take it away")
            : entry is DirectoryInfo;
    }
}
