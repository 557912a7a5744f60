namespace SecureInference;

/// <summary>What tells one state of a file from the next without reading it.</summary>
/// <param name="RealPath">Where it is, links followed.</param>
/// <param name="LastWrite">When it was last written.</param>
/// <param name="Creation">When it was made.</param>
/// <param name="Length">Its length in bytes.</param>
internal readonly record struct FileStamp(string RealPath, DateTime LastWrite, DateTime Creation, long Length)
{
    /// <exception cref="IOException">The links of the path lead in a circle.</exception>
    public static FileStamp Of(string path)
    {
        // Two folders that a link is swapped between may hold files of the same length and time: which one it is counts, too.
        var real = SecureInference.RealPath.Of(path);
        var info = new FileInfo(real);
        return info.Exists ? new FileStamp(real, info.LastWriteTimeUtc, info.CreationTimeUtc, info.Length) : new FileStamp(real, default, default, 0);
    }
}
