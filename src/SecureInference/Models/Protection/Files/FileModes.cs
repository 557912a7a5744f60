using Microsoft.Win32.SafeHandles;

namespace SecureInference.Models.Protection.Files;

/// <summary>Who may change or read a file, asked of the file that is open, so that nobody can put another in its place.</summary>
internal static class FileModes
{
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    // Kubernetes lets the group of the pod read what it mounts.
    private const UnixFileMode OthersRead = UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Says why a file that everybody may know is not safe from change.</summary>
    /// <returns>The rest of a sentence about the file, or <see langword="null"/>.</returns>
    public static string? WhyChangeable(SafeFileHandle handle, string path) => ModeOf(handle) is { } mode && (mode & OthersWrite) != 0
        ? $"may be changed by its group or by others (mode {Octal(mode)}). Take that away: chmod go-w {path}"
        : null;

    /// <summary>Says why a file with a secret is not one.</summary>
    /// <returns>The rest of a sentence about the file, or <see langword="null"/>.</returns>
    public static string? WhyNoSecret(SafeFileHandle handle, string path) => ModeOf(handle) is { } mode && (mode & (OthersWrite | OthersRead)) != 0
        ? $"may be read or changed by others (mode {Octal(mode)}). Take that away: chmod 400 {path} (in Kubernetes, defaultMode: 0400 or 0440)"
        : null;

    /// <summary>Says why a file may be somebody else's that was given a second name here: its owner can change it, and sees it change nothing of his.</summary>
    /// <remarks>Copies by hard links, as layers of containers and deployments have them, belong to whom their folder belongs to.</remarks>
    /// <returns>The rest of a sentence about the file, or <see langword="null"/>.</returns>
    public static string? WhySomebodyElses(SafeFileHandle handle, string path) =>
        FileFacts.Of(handle) is { Links: > 1, Owner: not 0 } file && FileFacts.Of(Path.GetDirectoryName(path) ?? path) is { } folder && folder.Owner != file.Owner
            ? $"has another name elsewhere (a hard link), and belongs to another user (number {file.Owner}) than its folder. Copy the file itself there: cp --remove-destination"
            : null;

    private static UnixFileMode? ModeOf(SafeFileHandle handle) => OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(handle);

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, toBase: 8);
}
