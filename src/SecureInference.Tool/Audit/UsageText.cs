using System.Globalization;

namespace SecureInference.Tool.Audit;

/// <summary>Writes what a report counts, for people.</summary>
internal static class UsageText
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Bytes(long bytes)
    {
        var unit = 0;
        double value = bytes;
        for (; value >= 1024 && unit < Units.Length - 1; unit++)
        {
            value /= 1024;
        }

        return value.ToString(unit == 0 || value >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    public static string Time(TimeSpan? time) => time switch
    {
        null => "-",
        { TotalMilliseconds: < 1 } value => value.TotalMilliseconds.ToString("0.00", CultureInfo.InvariantCulture) + " ms",
        { TotalMilliseconds: < 1000 } value => value.TotalMilliseconds.ToString(value.TotalMilliseconds < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) + " ms",
        { } value => value.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
    };

    public static string Share(long part, long all) => all == 0 ? "-" : (100.0 * part / all).ToString(part == all || part == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + " %";

    public static string Caller(UsageKey key) => key.IsOthers ? "(others)" : TerminalText.Clean(key.Caller ?? "-");

    public static string Model(UsageKey key) => key.IsOthers ? "(others)" : TerminalText.Clean(key.Model ?? "-");
}
