using System.Buffers.Text;
using System.Globalization;

namespace SecureInference.Protocol;

/// <summary>Writes floats, byte for byte as the platform does: the shortest text that reads back as the same number.</summary>
internal static class FloatText
{
    /// <summary>The longest is <c>-1.17549435E-38</c>, or zeros in front of nine digits.</summary>
    public const int MaxLength = 16;

    /// <summary>Numbers with as many digits in front of the point, and more where all are needed, are written without an exponent.</summary>
    private const int MaxPlainDigits = 7;
    private const int MaxZeros = 3;

    /// <summary>Where digits are missing before the point, the platform decides by digits that its own algorithm has made, and so it is asked; beyond so many places it never writes zeros.</summary>
    private const int MaxPlaces = 9;

    /// <summary>Writes a finite number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="text">Room for <see cref="MaxLength"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public static int Write(float value, Span<byte> text)
    {
        var length = 0;
        if (float.IsNegative(value))
        {
            text[length++] = (byte)'-';
        }

        value = float.Abs(value);

        if (value == 0)
        {
            text[length++] = (byte)'0';
            return length;
        }

        var (digits, exponent) = ShortestFloat.Find(value);
        while (digits % 10 == 0)
        {
            digits /= 10;
            exponent++;
        }

        Span<byte> buffer = stackalloc byte[MaxLength];
        Utf8Formatter.TryFormat(digits, buffer, out var count);
        var point = count + exponent;
        return length + (point is > MaxPlainDigits and <= MaxPlaces && count < point
            ? WriteByPlatform(value, text[length..])
            : Place(buffer[..count], point, text[length..]));
    }

    private static int WriteByPlatform(float value, Span<byte> text)
    {
        value.TryFormat(text, out var written, default, CultureInfo.InvariantCulture);
        return written;
    }

    // The point stands behind so many of the digits; before the first of them, where that is below zero.
    private static int Place(ReadOnlySpan<byte> digits, int point, Span<byte> text)
    {
        if (point > Math.Max(digits.Length, MaxPlainDigits) || point < -MaxZeros)
        {
            return PlaceScientific(digits, point - 1, text);
        }

        if (point <= 0)
        {
            "0.000"u8[..(2 - point)].CopyTo(text);
            digits.CopyTo(text[(2 - point)..]);
            return 2 - point + digits.Length;
        }

        if (point >= digits.Length)
        {
            digits.CopyTo(text);
            text[digits.Length..point].Fill((byte)'0');
            return point;
        }

        digits[..point].CopyTo(text);
        text[point] = (byte)'.';
        digits[point..].CopyTo(text[(point + 1)..]);
        return digits.Length + 1;
    }

    private static int PlaceScientific(ReadOnlySpan<byte> digits, int exponent, Span<byte> text)
    {
        var length = 0;
        text[length++] = digits[0];
        if (digits.Length > 1)
        {
            text[length++] = (byte)'.';
            digits[1..].CopyTo(text[length..]);
            length += digits.Length - 1;
        }

        var size = Math.Abs(exponent);
        text[length] = (byte)'E';
        text[length + 1] = exponent < 0 ? (byte)'-' : (byte)'+';
        text[length + 2] = (byte)('0' + (size / 10));
        text[length + 3] = (byte)('0' + (size % 10));
        return length + 4;
    }
}
