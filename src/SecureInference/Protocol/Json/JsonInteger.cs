using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace SecureInference.Protocol.Json;

/// <summary>Reads whole numbers exactly, also where a client wrote them as <c>1.0</c> or <c>1e3</c>.</summary>
internal static class JsonInteger
{
    /// <summary>Enough for the 20 digits of 2^64; longer texts are only zeros, or too large.</summary>
    private const int MaxDigits = 20;

    /// <summary>No legal text of a 64-bit number is longer, unless its author pads it.</summary>
    private const int MaxTextLength = 64;

    public static bool TryRead(ref Utf8JsonReader reader, TensorDataType type, Span<byte> element)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            return false;
        }

        if (reader.TryGetInt64(out var value))
        {
            return TryWrite(value, type, element);
        }

        if (reader.TryGetUInt64(out var large))
        {
            return TryWrite(large, type, element);
        }

        Span<byte> text = stackalloc byte[MaxTextLength];
        return TryCopy(ref reader, text, out var length) && TryParse(text[..length], out var whole) && TryWrite(whole, type, element);
    }

    private static bool TryCopy(ref Utf8JsonReader reader, scoped Span<byte> text, out int length)
    {
        length = (int)Math.Min(reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length, MaxTextLength + 1);
        if (length > MaxTextLength)
        {
            return false;
        }

        if (reader.HasValueSequence)
        {
            reader.ValueSequence.CopyTo(text);
        }
        else
        {
            reader.ValueSpan.CopyTo(text);
        }

        return true;
    }

    /// <summary>Reads a JSON number with a fraction or an exponent, if it is whole.</summary>
    private static bool TryParse(ReadOnlySpan<byte> text, out Int128 value)
    {
        value = 0;
        var exponentAt = text.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var exponent = 0;
        if (exponentAt >= 0 && !int.TryParse(text[(exponentAt + 1)..], System.Globalization.NumberStyles.AllowLeadingSign, null, out exponent))
        {
            return false;
        }

        var isNegative = mantissa[0] == (byte)'-';
        var zeros = 0;
        var digits = 0;
        var isFraction = false;
        foreach (var character in isNegative ? mantissa[1..] : mantissa)
        {
            if (character == (byte)'.')
            {
                isFraction = true;
                continue;
            }

            exponent -= isFraction ? 1 : 0;
            if (character == (byte)'0')
            {
                // Written out only once a digit follows that is not zero.
                zeros++;
                continue;
            }

            if (!TryShift(ref value, ref digits, zeros + 1))
            {
                return false;
            }

            value += character - '0';
            zeros = 0;
        }

        exponent += zeros;
        var isWhole = value == 0 || (exponent >= 0 && TryShift(ref value, ref digits, exponent));
        value = isNegative ? -value : value;
        return isWhole;
    }

    private static bool TryShift(ref Int128 value, ref int digits, int places)
    {
        // Leading zeros are no digits.
        digits = value == 0 ? 0 : digits;
        if (value == 0)
        {
            digits = 1;
            return true;
        }

        if (places > MaxDigits - digits)
        {
            return false;
        }

        digits += places;
        for (; places > 0; places--)
        {
            value *= 10;
        }

        return true;
    }

    private static bool TryWrite(Int128 value, TensorDataType type, Span<byte> element)
    {
        switch (type)
        {
            case TensorDataType.Int64 when value >= long.MinValue && value <= long.MaxValue:
                BinaryPrimitives.WriteInt64LittleEndian(element, (long)value);
                return true;
            case TensorDataType.Int32 when value >= int.MinValue && value <= int.MaxValue:
                BinaryPrimitives.WriteInt32LittleEndian(element, (int)value);
                return true;
            case TensorDataType.Int16 when value >= short.MinValue && value <= short.MaxValue:
                BinaryPrimitives.WriteInt16LittleEndian(element, (short)value);
                return true;
            case TensorDataType.Int8 when value >= sbyte.MinValue && value <= sbyte.MaxValue:
                element[0] = (byte)(sbyte)value;
                return true;
            case TensorDataType.UInt64 when value >= 0 && value <= ulong.MaxValue:
                BinaryPrimitives.WriteUInt64LittleEndian(element, (ulong)value);
                return true;
            case TensorDataType.UInt32 when value >= 0 && value <= uint.MaxValue:
                BinaryPrimitives.WriteUInt32LittleEndian(element, (uint)value);
                return true;
            case TensorDataType.UInt16 when value >= 0 && value <= ushort.MaxValue:
                BinaryPrimitives.WriteUInt16LittleEndian(element, (ushort)value);
                return true;
            case TensorDataType.UInt8 when value >= 0 && value <= byte.MaxValue:
                element[0] = (byte)value;
                return true;
            default:
                return false;
        }
    }
}
