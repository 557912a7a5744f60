using System.Globalization;

namespace SecureInference;

/// <summary>The rule for versions: they are numbers, each written in one way, so that the highest is known.</summary>
internal static class VersionNumber
{
    /// <summary>The version of a model that is one file.</summary>
    public const string OfOneFile = "1";

    /// <summary>What stands for every version.</summary>
    public const string All = "all";

    public static bool TryParse(string? text, out long number)
    {
        number = 0;
        return text is [not '0', ..] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
