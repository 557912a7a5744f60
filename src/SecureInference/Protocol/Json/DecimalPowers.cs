namespace SecureInference.Protocol.Json;

/// <summary>The powers of ten that a double holds exactly.</summary>
internal static class DecimalPowers
{
    public const int MaxExponent = 22;

    private static readonly double[] Powers =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>Multiplies by a power of ten, rounding once.</summary>
    public static double Scale(double value, int exponent) => exponent < 0 ? value / Powers[-exponent] : value * Powers[exponent];

    public static bool IsExact(int exponent) => exponent is >= -MaxExponent and <= MaxExponent;
}
