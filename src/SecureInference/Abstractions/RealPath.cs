namespace SecureInference;

/// <summary>Where a path leads when every symbolic link on the way is followed.</summary>
internal static class RealPath
{
    /// <summary>As many links as Linux follows; more are a circle.</summary>
    private const int MaxLinks = 40;

    /// <summary>Follows the links of a path, those of its folders too.</summary>
    /// <exception cref="IOException">They lead in a circle.</exception>
    public static string Of(string path)
    {
        var full = Path.GetFullPath(path);
        for (var links = 0; links <= MaxLinks; links++)
        {
            if (FollowFirst(full) is not { } next)
            {
                return full;
            }

            full = next;
        }

        throw new IOException($"The links of '{path}' lead in a circle.");
    }

    private static string? FollowFirst(string full)
    {
        var root = Path.GetPathRoot(full) ?? "";
        for (var end = root.Length; end < full.Length;)
        {
            var next = full.IndexOf(Path.DirectorySeparatorChar, end);
            var part = next < 0 ? full : full[..next];
            if (new FileInfo(part).LinkTarget is { } target)
            {
                return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(part) ?? root, target) + full[part.Length..]);
            }

            end = next < 0 ? full.Length : next + 1;
        }

        return null;
    }
}
