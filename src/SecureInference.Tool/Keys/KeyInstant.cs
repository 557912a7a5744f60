using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SecureInference.Tool.Keys;

/// <summary>Reads an instant that has been: <c>now</c>, a date, or a time in UTC.</summary>
internal static class KeyInstant
{
    public const string Now = "now";

    private static readonly string[] Formats = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmZ", "yyyy-MM-ddTHH:mm:ssZ"];

    public static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset instant, [NotNullWhen(false)] out string? problem)
    {
        instant = now;
        problem = null;
        if (text == Now)
        {
            return true;
        }

        if (!DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant))
        {
            problem = $"'{text}' is not an instant. Write now, a date (2026-12-31, its first instant, UTC), or a time in UTC (2026-12-31T18:00Z).";
        }
        else if (instant > now)
        {
            problem = $"'{text}' is in the future: secrets that are made until then would never work. Write now, or an earlier time.";
        }

        return problem is null;
    }
}
