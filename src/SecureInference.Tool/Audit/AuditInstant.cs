using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SecureInference.Tool.Audit;

/// <summary>Reads when a period begins or ends: a date, a time in UTC, or how long ago.</summary>
internal static class AuditInstant
{
    private static readonly string[] Formats = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmZ", "yyyy-MM-ddTHH:mm:ssZ"];

    public static Option<string?> Option(string name, string what) => new(name)
    {
        Description = $"{what}: a date (2026-12-31, its first instant, UTC), a time in UTC (2026-12-31T18:00Z), or how long ago (7d, 12h, 30m).",
        HelpName = "WHEN",
    };

    /// <summary>Reads the option's value; <see langword="null"/> where there is none.</summary>
    /// <exception cref="WrongUsageException">It is no instant.</exception>
    public static DateTimeOffset? Read(ParseResult parsed, Option<string?> option, DateTimeOffset now) => parsed.GetValue(option) is not { } text ? null
        : TryParse(text, now, out var instant) ? instant
        : throw new WrongUsageException($"'{text}' is not an instant. Write for {option.Name} a date (2026-12-31), a time in UTC (2026-12-31T18:00Z), or how long ago (7d, 12h, 30m).");

    private static bool TryParse(string text, DateTimeOffset now, [NotNullWhen(true)] out DateTimeOffset? instant)
    {
        instant = DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var exact) ? exact : null;
        if (instant is null && text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= 100_000)
        {
            instant = text[^1] switch
            {
                'd' => now.AddDays(-count),
                'h' => now.AddHours(-count),
                'm' => now.AddMinutes(-count),
                _ => null,
            };
        }

        return instant is not null;
    }
}
