using System.Globalization;
using SecureInference.TestSupport;

namespace SecureInference.IntegrationTests.Samples;

/// <summary>The digits that the sample's model was not trained on.</summary>
internal static class HeldOutDigits
{
    public const int Pixels = 64;

    public static IReadOnlyList<(int Label, float[] Pixels)> All { get; } =
        [.. File.ReadLines(Path.Combine(Checkout.Sample("Digits"), "data", "held-out.csv")).Skip(1).Select(Parse)];

    /// <summary>Rows as one tensor.</summary>
    public static WireTensor Tensor(IReadOnlyCollection<int> rows) =>
        WireTensor.Of("pixels", "FP32", [rows.Count, Pixels], [.. rows.SelectMany(static row => All[row].Pixels)]);

    private static (int Label, float[] Pixels) Parse(string line)
    {
        var fields = line.Split(',');
        return (int.Parse(fields[0], CultureInfo.InvariantCulture), [.. fields.Skip(1).Select(static field => float.Parse(field, CultureInfo.InvariantCulture))]);
    }
}
