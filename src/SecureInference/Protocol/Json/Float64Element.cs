using System.Buffers.Text;

namespace SecureInference.Protocol.Json;

/// <summary>The double nearest to a JSON number, bit for bit what the platform's parser makes of it.</summary>
/// <remarks>Clinger's fast path: digits that a double holds exactly, times or by a power of ten that it holds exactly, round once.</remarks>
internal readonly struct Float64Element : IJsonElement<double>
{
    private const ulong MaxExact = 1UL << 53;

    public static bool TryRead(in JsonNumber number, out double element)
    {
        if (!number.IsWhole || number.Mantissa > MaxExact || !DecimalPowers.IsExact(number.Exponent))
        {
            return Utf8Parser.TryParse(number.Text, out element, out var length) && length == number.Text.Length && double.IsFinite(element);
        }

        var value = DecimalPowers.Scale((long)number.Mantissa, number.Exponent);
        element = number.IsNegative ? -value : value;
        return true;
    }
}
