using System.Globalization;

namespace SecureInference.Models.Protection.Signing;

/// <summary>The rule for names of signed files: relative, in one spelling, and never out of the model's folder.</summary>
internal static class ResourceName
{
    /// <summary>What older writers call a model that is one file.</summary>
    public const string OneFile = ".";
    public const int MaxLength = 4096;

    public static bool IsValid(ReadOnlySpan<char> name)
    {
        // A colon begins a second stream of a file on Windows, and a drive.
        if (name.IsEmpty || name.ContainsAny('\\', '\0') || (OperatingSystem.IsWindows() && name.Contains(':')))
        {
            return false;
        }

        foreach (var part in name.Split('/'))
        {
            if (name[part] is "" or "." or "..")
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads <c>name:start:end</c>, from its end: the name itself may have colons.</summary>
    public static bool TryParseShard(string text, out string name, out long start, out long end)
    {
        (name, start, end) = ("", 0, 0);
        var last = text.LastIndexOf(':');
        var first = last > 0 ? text.LastIndexOf(':', last - 1) : -1;
        if (first <= 0 || !TryParse(text.AsSpan(first + 1, last - first - 1), out start) || !TryParse(text.AsSpan(last + 1), out end) || end <= start)
        {
            return false;
        }

        name = text[..first];
        return true;
    }

    // Each number in one spelling: 08 and 8 must not be two shards.
    private static bool TryParse(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && (text.Length == 1 || text[0] != '0');
}
