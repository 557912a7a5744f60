namespace SecureInference.Pipeline.Auditing.Records;

/// <summary>Numbers of seven bits a byte, the lowest first, in as few bytes as there can be.</summary>
internal static class Varint
{
    public const int MaxBytes = 10;

    public static int Write(Span<byte> target, ulong value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            target[length++] = (byte)(value | 0x80);
        }

        target[length++] = (byte)value;
        return length;
    }

    /// <summary>Reads a number off the front; one that is longer than it must be is none.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> source, out ulong value)
    {
        value = 0;
        for (var index = 0; index < source.Length && index < MaxBytes; index++)
        {
            var part = source[index];

            // The tenth byte holds the highest bit alone.
            if (index == MaxBytes - 1 && part > 1)
            {
                return false;
            }

            value |= (ulong)(part & 0x7F) << (7 * index);
            if (part < 0x80)
            {
                source = source[(index + 1)..];
                return part != 0 || index == 0;
            }
        }

        return false;
    }
}
