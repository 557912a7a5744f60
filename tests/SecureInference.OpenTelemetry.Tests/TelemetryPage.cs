using SecureInference.TestSupport;

namespace SecureInference.OpenTelemetry.Tests;

/// <summary>The tables of docs/telemetry.md.</summary>
internal static class TelemetryPage
{
    public static IReadOnlyList<string[]> Metrics => TableAfter("## Metrics");

    public static IReadOnlyList<string[]> Spans => TableAfter("## Spans");

    public static IReadOnlyList<string[]> LogEvents => TableAfter("## Log events");

    /// <summary>Returns the words in backticks, in their order.</summary>
    public static string[] Names(string cell) => [.. cell.Split('`').Where(static (_, index) => index % 2 == 1)];

    private static string[][] TableAfter(string heading) =>
    [
        .. File.ReadLines(Path.Combine(Checkout.Docs, "telemetry.md"))
            .SkipWhile(line => line != heading)
            .SkipWhile(static line => !line.StartsWith("| ---", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(static line => line.StartsWith('|'))
            .Select(static line => line.Split('|')[1..^1].Select(static cell => cell.Trim()).ToArray()),
    ];
}
