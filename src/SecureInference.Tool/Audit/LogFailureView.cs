using System.Globalization;
using SecureInference.Pipeline.Auditing.Log;

namespace SecureInference.Tool.Audit;

/// <summary>Shows a person what is wrong with a log, where, and what it means.</summary>
internal static class LogFailureView
{
    /// <returns>The exit code.</returns>
    public static int Show(ToolConsole console, LogFailure failure)
    {
        var code = LogFailureExit.CodeOf(failure.Kind);
        console.Fail(code, $"The log does not verify: {failure.Message}");
        Line(console, "kind", string.Create(CultureInfo.InvariantCulture, $"{failure.Kind} (exit code {code})"));
        Line(console, "file", failure.File);
        Line(console, "offset", failure.Offset?.ToString(CultureInfo.InvariantCulture));
        Line(console, "records", Range(failure));
        Line(console, "means", LogFailureExit.MeaningOf(failure.Kind));
        return code;
    }

    private static string? Range(LogFailure failure) => (failure.Sequence, failure.EndSequence) switch
    {
        (null, _) => null,
        ({ } first, { } end) when end > first + 1 => string.Create(CultureInfo.InvariantCulture, $"{first} to {end - 1} are in doubt"),
        ({ } first, { }) => string.Create(CultureInfo.InvariantCulture, $"{first} is in doubt"),
        ({ } first, null) => string.Create(CultureInfo.InvariantCulture, $"from {first} on"),
    };

    private static void Line(ToolConsole console, string name, string? value)
    {
        if (value is not null)
        {
            console.Fail(0, $"  {name,-9}{value}");
        }
    }
}
