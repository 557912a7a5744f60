using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;

namespace SecureInference.OpenTelemetry.Tests;

public sealed partial class MetricsTableTests
{
    [Fact]
    public async Task Metrics_OfTheCodeAndOfTheDocs_AreTheSame()
    {
        var instruments = await EveryInstrument.ReadAsync();

        var made = instruments.Select(static instrument => $"{instrument.Name} {KindOf(instrument)} {instrument.Unit}".TrimEnd()).Order(StringComparer.Ordinal);

        var written = TelemetryPage.Metrics.Select(static row => $"{row[0].Trim('`')} {row[1]} {row[2]}".TrimEnd()).Order(StringComparer.Ordinal);
        Assert.Equal(written, made);
    }

    [Fact]
    public async Task Metrics_TheirNames_AreThoseThatOthersExpect()
    {
        var instruments = await EveryInstrument.ReadAsync();

        Assert.All(instruments, static instrument => Assert.Matches(Name, instrument.Name));
        Assert.All(instruments, static instrument => Assert.Matches(Unit, instrument.Unit ?? ""));
        Assert.All(instruments, static instrument => Assert.False(string.IsNullOrEmpty(instrument.Description), instrument.Name));
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0].Replace("Observable", "", StringComparison.Ordinal).ToLowerInvariant();

    [GeneratedRegex(@"^secure_inference(\.[a-z]+(_[a-z]+)*){2,3}$")]
    private static partial Regex Name { get; }

    // UCUM: seconds, bytes, or what is counted.
    [GeneratedRegex(@"^(|s|By|\{[a-z]+\})$")]
    private static partial Regex Unit { get; }
}
