using System.Numerics;

namespace SecureInference.Protocol;

/// <summary>The fewest decimal digits that read back as the same float, and of these the nearest.</summary>
/// <remarks>R. Giulietti's Schubfach: the borders to the neighbouring floats are scaled by one tabulated power of ten, and the answer is at most two candidates away.</remarks>
internal static class ShortestFloat
{
    private const int FractionBits = 23;
    private const int MinPower = -31;
    private const int MaxPower = 45;
    private static readonly ulong[] Powers = [.. Enumerable.Range(MinPower, MaxPower - MinPower + 1).Select(ComputePower)];

    /// <summary>Finds the digits of a positive, finite float.</summary>
    /// <returns>The digits as a whole number, and the power of ten to multiply it by. The number may end in zeros.</returns>
    public static (uint Digits, int Exponent) Find(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        var fraction = bits & ((1u << FractionBits) - 1);
        var biased = (int)(bits >> FractionBits);
        var significand = biased == 0 ? fraction : fraction | (1u << FractionBits);
        var exponent = Math.Max(biased, 1) - 127 - FractionBits;

        // Below a power of two, floats lie twice as close.
        var isLowerCloser = fraction == 0 && biased > 1;
        var isEven = (significand & 1) == 0;
        var power = ((exponent * 1_262_611) - (isLowerCloser ? 524_031 : 0)) >> 22;
        var shift = exponent + ((-power * 1_741_647) >> 19) + 1;
        var scale = Powers[-power - MinPower];
        var lower = RoundToOdd(scale, ((4 * significand) - (isLowerCloser ? 1u : 2u)) << shift) + (isEven ? 0u : 1u);
        var middle = RoundToOdd(scale, (4 * significand) << shift);
        var upper = RoundToOdd(scale, ((4 * significand) + 2) << shift) - (isEven ? 0u : 1u);
        return Choose(middle, lower, upper, power);
    }

    private static (uint Digits, int Exponent) Choose(uint middle, uint lower, uint upper, int power)
    {
        var digits = middle / 4;
        if (digits >= 10)
        {
            // One digit less, where exactly one such number lies between the borders.
            var shorter = digits / 10;
            var isDownInside = lower <= 40 * shorter;
            var isUpInside = (40 * shorter) + 40 <= upper;
            if (isDownInside != isUpInside)
            {
                return (isUpInside ? shorter + 1 : shorter, power + 1);
            }
        }

        var isInside = lower <= 4 * digits;
        var isNextInside = (4 * digits) + 4 <= upper;
        if (isInside != isNextInside)
        {
            return (isNextInside ? digits + 1 : digits, power);
        }

        var half = (4 * digits) + 2;
        return (middle > half || (middle == half && (digits & 1) != 0) ? digits + 1 : digits, power);
    }

    // Where bits are lost, the last one is set: so comparisons know on which side the exact product is.
    private static uint RoundToOdd(ulong scale, uint number)
    {
        var high = Math.BigMul(scale, number, out var low);
        return (uint)high | ((uint)(low >> 32) > 1 ? 1u : 0u);
    }

    /// <summary>Computes the 64 leading bits of a power of ten, rounded up.</summary>
    private static ulong ComputePower(int exponent)
    {
        var power = BigInteger.Pow(10, Math.Abs(exponent));
        if (exponent >= 0)
        {
            var excess = (int)power.GetBitLength() - 64;
            return (ulong)(excess <= 0 ? power << -excess : (power + (BigInteger.One << excess) - 1) >> excess);
        }

        var scaled = BigInteger.One << ((int)power.GetBitLength() + 63);
        var quotient = (scaled + power - 1) / power;
        return (ulong)(quotient.GetBitLength() > 64 ? quotient >> 1 : quotient);
    }
}
