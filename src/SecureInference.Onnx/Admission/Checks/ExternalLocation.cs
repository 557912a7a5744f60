namespace SecureInference.Onnx.Admission.Checks;

/// <summary>Judges a path that a model gives: it names a file in the model's folder, plainly, in the eyes of every system.</summary>
internal static class ExternalLocation
{
    /// <summary>Returns what is wrong with the path, or <see langword="null"/>.</summary>
    public static string? FaultOf(string location)
    {
        // ONNX Runtime reads these as addresses in the memory of the process.
        if (location.StartsWith("*/", StringComparison.Ordinal) || location.Contains("_MEM_ADDR_", StringComparison.OrdinalIgnoreCase))
        {
            return "is an address in memory";
        }

        if (location.Length == 0 || location.Contains('\0', StringComparison.Ordinal))
        {
            return "is empty, or holds a NUL";
        }

        if (location[0] is '/' or '\\' or '~' || location.Contains('\\', StringComparison.Ordinal) || location.Contains(':', StringComparison.Ordinal))
        {
            return "is absolute, or holds a backslash or a colon";
        }

        return Array.Exists(location.Split('/'), static part => part.Trim() is "" or "." or ".." || part[^1] is '.' or ' ')
            ? "leaves the folder, or has an empty part"
            : null;
    }
}
