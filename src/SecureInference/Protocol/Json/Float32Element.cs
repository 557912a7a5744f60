using System.Buffers.Text;

namespace SecureInference.Protocol.Json;

/// <summary>The float nearest to a JSON number, bit for bit what the platform's parser makes of it.</summary>
/// <remarks>Clinger's fast path, through a double: the digits and the power of ten each round at most once, so that the double is within two units in its last place, and where no
/// border between two floats is near, both round to the same float.</remarks>
internal readonly struct Float32Element : IJsonElement<float>
{
    /// <summary>The bits that a double has beyond a float's, and the border between two floats in them.</summary>
    private const ulong BeyondFloat = 0x1FFF_FFFF;
    private const ulong Border = 0x1000_0000;

    /// <summary>Twice the error there can be, in units of the double's last place.</summary>
    private const ulong Margin = 4;

    public static bool TryRead(in JsonNumber number, out float element)
    {
        // 2^63 and more is converted by another instruction, whose rounding nobody has to know.
        if (!number.IsWhole || (long)number.Mantissa < 0 || !DecimalPowers.IsExact(number.Exponent))
        {
            return TryReadSlowly(number.Text, out element);
        }

        var value = DecimalPowers.Scale((long)number.Mantissa, number.Exponent);
        var beyond = BitConverter.DoubleToUInt64Bits(value) & BeyondFloat;

        // The smallest that comes here is 1e-22, far from where floats lose digits.
        if (beyond - (Border - Margin) <= 2 * Margin || value >= float.MaxValue)
        {
            return TryReadSlowly(number.Text, out element);
        }

        element = number.IsNegative ? -(float)value : (float)value;
        return true;
    }

    private static bool TryReadSlowly(ReadOnlySpan<byte> text, out float element) =>
        Utf8Parser.TryParse(text, out element, out var length) && length == text.Length && float.IsFinite(element);
}
