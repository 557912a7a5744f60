using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SecureInference.Tool.Keys;

/// <summary>Reads how long an old secret works beside a new one: <c>7d</c>, <c>12h</c>, or <c>0h</c> for not at all.</summary>
internal static class KeyOverlap
{
    /// <summary>Long enough to reach everybody who has the old secret.</summary>
    public const string Default = "7d";

    private const int MaxDays = 366;

    public static bool TryParse(string text, out TimeSpan overlap, [NotNullWhen(false)] out string? problem)
    {
        var hours = text.Length < 2 ? 0 : text[^1] switch { 'd' => 24, 'h' => 1, _ => 0 };
        var isNumber = int.TryParse(text.AsSpan(0, Math.Max(text.Length - 1, 0)), NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        var isRight = hours != 0 && isNumber && count <= MaxDays * 24 / hours;
        overlap = isRight ? TimeSpan.FromHours(count * hours) : default;
        problem = isRight ? null : $"'{text}' is not an overlap. Write a number of days (7d, at most {MaxDays}d) or hours (12h; 0h for none).";
        return isRight;
    }
}
