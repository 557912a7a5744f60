using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SecureInference.Models.Protection.Encryption;

/// <summary>How keys are written: letters and digits with a checksum, after a prefix that says what they are (BIP 173, of any length).</summary>
internal static class Bech32
{
    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int ChecksumLength = 6;
    private const int MaxLength = 4096;

    private static readonly uint[] Generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

    /// <summary>Writes bytes in the case of the prefix.</summary>
    public static string Encode(string prefix, ReadOnlySpan<byte> bytes)
    {
        var lower = prefix.ToLowerInvariant();
        var data = Regroup(bytes, from: 8, to: 5, pad: true) ?? [];
        var checksum = Checksum(lower, [.. data, .. new byte[ChecksumLength]]) ^ 1;
        var text = new StringBuilder(lower).Append('1');
        foreach (var group in data)
        {
            text.Append(Alphabet[group]);
        }

        for (var index = ChecksumLength - 1; index >= 0; index--)
        {
            text.Append(Alphabet[(int)((checksum >> (5 * index)) & 31)]);
        }

        return prefix == lower ? text.ToString() : text.ToString().ToUpperInvariant();
    }

    /// <summary>Reads what was written; the prefix comes in the case that the text has.</summary>
    public static bool TryDecode(string text, [NotNullWhen(true)] out string? prefix, [NotNullWhen(true)] out byte[]? bytes)
    {
        (prefix, bytes) = (null, null);
        var lower = text.ToLowerInvariant();
        var separator = lower.LastIndexOf('1');
        if (text.Length > MaxLength || separator < 1 || lower.Length - separator - 1 < ChecksumLength || (text.Any(char.IsAsciiLetterLower) && text.Any(char.IsAsciiLetterUpper)))
        {
            return false;
        }

        var data = new byte[lower.Length - separator - 1];
        for (var index = 0; index < data.Length; index++)
        {
            var value = Alphabet.IndexOf(lower[separator + 1 + index], StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            data[index] = (byte)value;
        }

        if (Array.Exists([.. lower[..separator]], static letter => letter is < '!' or > '~') || Checksum(lower[..separator], data) != 1)
        {
            return false;
        }

        bytes = Regroup(data.AsSpan(..^ChecksumLength), from: 5, to: 8, pad: false);
        prefix = bytes is null ? null : text[..separator];
        return bytes is not null;
    }

    private static uint Checksum(string prefix, ReadOnlySpan<byte> data)
    {
        var check = 1u;
        foreach (var letter in prefix)
        {
            check = Step(check, letter >> 5);
        }

        check = Step(check, 0);
        foreach (var letter in prefix)
        {
            check = Step(check, letter & 31);
        }

        foreach (var group in data)
        {
            check = Step(check, group);
        }

        return check;
    }

    private static uint Step(uint check, int value)
    {
        var top = check >> 25;
        check = ((check & 0x1ffffff) << 5) ^ (uint)value;
        for (var index = 0; index < Generator.Length; index++)
        {
            check ^= ((top >> index) & 1) != 0 ? Generator[index] : 0;
        }

        return check;
    }

    private static byte[]? Regroup(ReadOnlySpan<byte> groups, int from, int to, bool pad)
    {
        var (value, bits) = (0, 0);
        var result = new List<byte>();
        foreach (var group in groups)
        {
            value = ((value << from) | group) & 0xFFF;
            for (bits += from; bits >= to; bits -= to)
            {
                result.Add((byte)((value >> (bits - to)) & ((1 << to) - 1)));
            }
        }

        var rest = (value << (to - bits)) & ((1 << to) - 1);
        if (pad && bits > 0)
        {
            result.Add((byte)rest);
        }

        // What is left over must be nothing: else there would be two spellings of one key.
        return pad || (bits < from && rest == 0) ? [.. result] : null;
    }
}
