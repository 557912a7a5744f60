using System.Buffers.Binary;

namespace SecureInference.Protocol.Json;

/// <summary>A number as JSON writes it: its digits as one whole number, and a power of ten.</summary>
internal readonly ref struct JsonNumber
{
    /// <summary>So many digits always fit 64 bits.</summary>
    private const int MaxDigits = 19;

    /// <summary>Larger exponents are no double's: what they mean is for the platform's parser to say.</summary>
    private const int MaxExponent = 10_000;

    private JsonNumber(ReadOnlySpan<byte> text, ulong mantissa, int exponent, bool isNegative, bool isPlain, int digits)
    {
        Text = text;
        Mantissa = mantissa;
        Exponent = exponent;
        IsNegative = isNegative;
        IsPlain = isPlain;
        IsWhole = digits <= MaxDigits || digits - CountZeros(text) <= MaxDigits;
    }

    public ReadOnlySpan<byte> Text { get; }

    /// <summary>Gets all digits as a number; it means nothing where <see cref="IsWhole"/> says so.</summary>
    public ulong Mantissa { get; }

    /// <summary>Gets the power of ten that the mantissa is multiplied by.</summary>
    public int Exponent { get; }

    public bool IsNegative { get; }

    /// <summary>Gets whether it has neither a point nor an exponent.</summary>
    public bool IsPlain { get; }

    /// <summary>Gets whether the mantissa holds every digit.</summary>
    public bool IsWhole { get; }

    /// <summary>Reads the number that a text begins with.</summary>
    /// <returns><see langword="false"/> where it is not JSON's grammar, or where its end cannot be seen: something must follow that ends it.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out JsonNumber number)
    {
        number = default;
        var isNegative = text is [(byte)'-', ..];
        var first = isNegative ? 1 : 0;
        var mantissa = 0UL;
        var at = ReadDigits(text, first, ref mantissa);
        var digits = at - first;
        if (digits == 0 || (digits > 1 && text[first] == (byte)'0'))
        {
            return false;
        }

        var exponent = 0;
        if ((uint)at < (uint)text.Length && text[at] == (byte)'.')
        {
            var start = at + 1;
            at = ReadDigits(text, start, ref mantissa);
            exponent = start - at;
            digits -= exponent;
            if (exponent == 0)
            {
                return false;
            }
        }

        var isPlain = exponent == 0;
        if ((uint)at < (uint)text.Length && (text[at] | 0x20) == 'e')
        {
            isPlain = false;
            if (!TryReadExponent(text, ref at, ref exponent))
            {
                return false;
            }
        }

        if ((uint)at >= (uint)text.Length || !Ends(text[at]))
        {
            return false;
        }

        number = new JsonNumber(text[..at], mantissa, exponent, isNegative, isPlain, digits);
        return true;
    }

    private static bool Ends(byte next) => next is (byte)',' or (byte)']' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    private static int ReadDigits(ReadOnlySpan<byte> text, int at, ref ulong mantissa)
    {
        while (text.Length - at >= sizeof(ulong) && TryReadEight(BinaryPrimitives.ReadUInt64LittleEndian(text[at..]), ref mantissa))
        {
            at += sizeof(ulong);
        }

        for (; (uint)at < (uint)text.Length && (uint)(text[at] - '0') <= 9; at++)
        {
            mantissa = (mantissa * 10) + (uint)(text[at] - '0');
        }

        return at;
    }

    // Eight digits at once: each step makes one number of two neighbours.
    private static bool TryReadEight(ulong bytes, ref ulong mantissa)
    {
        const ulong Zeros = 0x3030_3030_3030_3030;
        if ((((bytes + 0x4646_4646_4646_4646) | (bytes - Zeros)) & 0x8080_8080_8080_8080) != 0)
        {
            return false;
        }

        bytes -= Zeros;
        bytes = (bytes * 10) + (bytes >> 8);
        var eight = (((bytes & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064) + (((bytes >> 16) & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001)) >> 32;
        mantissa = (mantissa * 100_000_000) + eight;
        return true;
    }

    private static bool TryReadExponent(ReadOnlySpan<byte> text, ref int at, ref int exponent)
    {
        at++;
        var isNegative = (uint)at < (uint)text.Length && text[at] == (byte)'-';
        if (isNegative || ((uint)at < (uint)text.Length && text[at] == (byte)'+'))
        {
            at++;
        }

        var start = at;
        var value = 0;
        for (; (uint)at < (uint)text.Length && (uint)(text[at] - '0') <= 9; at++)
        {
            value = Math.Min((value * 10) + (text[at] - '0'), MaxExponent);
        }

        exponent += isNegative ? -value : value;
        return at > start;
    }

    // Zeros before the first other digit are no digits of the mantissa: 0.00012 has two.
    private static int CountZeros(ReadOnlySpan<byte> text)
    {
        var zeros = 0;
        foreach (var character in text)
        {
            if (character is (byte)'0')
            {
                zeros++;
            }
            else if (character is not ((byte)'-' or (byte)'.'))
            {
                break;
            }
        }

        return zeros;
    }
}
