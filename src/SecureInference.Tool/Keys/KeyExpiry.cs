using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SecureInference.Tool.Keys;

/// <summary>Reads when a key expires: <c>90d</c>, <c>12h</c>, a date, or <c>never</c>.</summary>
internal static class KeyExpiry
{
    /// <summary>Long enough to be no burden, short enough that a forgotten key does not work for ever.</summary>
    public const string Default = "90d";

    private const string Never = "never";

    /// <param name="text">What was written.</param>
    /// <param name="now">The time that days and hours are counted from.</param>
    /// <param name="expires">When the key expires; null for never.</param>
    /// <param name="problem">What is wrong, and how it should read.</param>
    public static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset? expires, [NotNullWhen(false)] out string? problem)
    {
        expires = null;
        problem = null;
        if (text == Never)
        {
            return true;
        }

        if (!TryParseDate(text, out var instant) && !TryAdd(text, now, out instant))
        {
            problem = $"'{text}' is not an expiry. Write a number of days (90d) or hours (12h), a date (2026-12-31), or never.";
        }
        else if (instant is null)
        {
            problem = $"'{text}' is further away than the calendar reaches. Write never for a key that does not expire.";
        }
        else if (instant <= now)
        {
            problem = $"'{text}' is not in the future: the key would never work. Write a later date, or a time from now such as 90d.";
        }

        expires = problem is null ? instant : null;
        return problem is null;
    }

    private static bool TryParseDate(string text, out DateTimeOffset? instant)
    {
        var isDate = DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date);
        instant = isDate ? date : null;
        return isDate;
    }

    /// <summary>Reads a number of days or hours; the instant is null where the calendar ends before it.</summary>
    private static bool TryAdd(string text, DateTimeOffset now, out DateTimeOffset? instant)
    {
        instant = null;
        var unit = text.Length < 2 ? 0 : text[^1] switch { 'd' => TimeSpan.TicksPerDay, 'h' => TimeSpan.TicksPerHour, _ => 0 };
        if (unit == 0 || text.AsSpan(0, text.Length - 1).ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        var reachable = (DateTimeOffset.MaxValue - now).Ticks / unit;
        if (long.TryParse(text.AsSpan(0, text.Length - 1), CultureInfo.InvariantCulture, out var count) && count <= reachable)
        {
            instant = now.AddTicks(count * unit);
        }

        return true;
    }
}
